// One look for every list of the operator's: rows, outline, failure, nothing there, nothing found.
import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "~/pattern/Empty";
import { Failure } from "~/pattern/Failure";
import { type Column, VirtualTable } from "~/pattern/VirtualTable";
import classes from "./List.module.css";
import type { Paged } from "./paging";

interface Props<R> {
  label: string;
  list: Paged<R>;
  columns: Column<R>[];
  rowKey: (row: R) => string;
  rowHeight?: number;
  card?: { height: number; show: (row: R) => ReactNode };
  onOpen?: (row: R) => void;
  /** Whether anything is filtered, and how to show everything again. */
  filtered?: boolean;
  onClear?: () => void;
  /** Shown when there is nothing at all. */
  empty: ReactNode;
}

export function List<R>({ label, list, filtered, onClear, empty, ...table }: Props<R>) {
  if (!list.rows && list.error) return <Failure error={list.error} retry={list.refetch} />;
  return (
    <div className={classes.list} data-old={list.old || undefined} aria-busy={list.old || undefined}>
      <VirtualTable
        label={label}
        rows={list.rows ?? []}
        loading={!list.rows}
        total={list.total}
        more={list.more}
        empty={filtered && onClear ? <NothingFound onClear={onClear} /> : empty}
        {...table}
      />
    </div>
  );
}

export function NothingFound({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation("operator");
  return (
    <Empty
      icon={IconFilterOff}
      title={t("list.nothing")}
      action={
        <Button variant="default" onClick={onClear}>
          {t("list.clear")}
        </Button>
      }
    />
  );
}
