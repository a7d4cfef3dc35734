// A list whose lines open: a button carries the line, what it hides is drawn only when it is wanted. The end of the list asks for more.
import { Button, Skeleton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Expandable.module.css";
import type { Paged } from "./paging";

interface Props<R> {
  label: string;
  list: Paged<R>;
  rowKey: (row: R) => string;
  line: (row: R) => ReactNode;
  inside: (row: R) => ReactNode;
}

export function Expandable<R>({ label, list, rowKey, line, inside }: Props<R>) {
  const { t } = useTranslation("operator");
  if (!list.rows) return <Outline />;
  return (
    <div className={classes.frame} data-old={list.old || undefined}>
      <ul className={classes.lines} aria-label={label}>
        {list.rows.map((row) => (
          <Line key={rowKey(row)} line={line(row)} inside={() => inside(row)} />
        ))}
      </ul>
      {list.more.has && (
        <div className={classes.more}>
          <Button variant="default" loading={list.more.busy} onClick={list.more.load}>
            {t("list.more")}
          </Button>
        </div>
      )}
    </div>
  );
}

function Line({ line, inside }: { line: ReactNode; inside: () => ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <li className={classes.item} data-open={open || undefined}>
      <button type="button" className={classes.line} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={16} className={classes.chevron} aria-hidden />
        {line}
      </button>
      {open && <div className={classes.inside}>{inside()}</div>}
    </li>
  );
}

function Outline() {
  return (
    <div className={classes.frame} aria-busy="true">
      {["a", "b", "c", "d", "e", "f", "g", "h"].map((name, at) => (
        <div key={name} className={classes.outline}>
          <Skeleton height={14} width={`${34 + ((at * 17) % 30)}%`} radius={6} />
          <Skeleton height={14} width={72} radius={6} />
        </div>
      ))}
    </div>
  );
}
