// What each of many (model, agent, cause, channel) cost in the chosen days, with its share.
import { Button } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { compact, money, percent, share, whole } from "~/format/number";
import { type Column, DataTable } from "~/pattern/DataTable";
import { Panel } from "~/pattern/Panel";
import { amount, type Spent, type Unit } from "./figures";
import classes from "./Usage.module.css";

/** The largest are what one looks for; five hundred rows at once take a third of a second to draw. */
const FIRST = 20;
const STEP = 100;

interface Props<R extends Spent> {
  title: string;
  lead?: string;
  header: string;
  rows: R[];
  rowKey: (row: R) => string;
  name: (row: R) => ReactNode;
  /** The colour it has in the chart. */
  colour?: (row: R) => string;
  unit: Unit;
  /** Stands beside another: without the number of calls. */
  half?: boolean;
  actions?: ReactNode;
}

export function Shares<R extends Spent>({
  title,
  lead,
  header,
  rows,
  rowKey,
  name,
  colour,
  unit,
  half,
  actions,
}: Props<R>) {
  const { t } = useTranslation("instance");
  const all = rows.reduce((sum, row) => sum + amount(row, unit), 0);
  const ordered = rows.toSorted((a, b) => amount(b, unit) - amount(a, unit));
  const [shown, setShown] = useState(FIRST);
  const calls: Column<R> = {
    id: "calls",
    header: t("usage.calls"),
    align: "end",
    from: "md",
    cell: (row) => whole(row.calls),
  };
  const rest = Math.min(STEP, rows.length - shown);
  return (
    <Panel title={title} lead={lead} actions={actions} flush>
      <DataTable
        label={title}
        rows={ordered.slice(0, shown)}
        rowKey={rowKey}
        columns={[
          { id: "name", header, cell: (row) => <span className="foreign">{name(row)}</span> },
          {
            id: "share",
            header: t("usage.share"),
            from: "sm",
            width: "26%",
            cell: (row) => <Part part={share(amount(row, unit), all)} colour={colour?.(row)} />,
          },
          { id: "money", header: t("usage.money"), align: "end", cell: (row) => money(row.cost_nano_usd) },
          { id: "tokens", header: t("usage.tokens"), align: "end", cell: (row) => compact(row.tokens) },
          ...(half ? [] : [calls]),
        ]}
        empty={<p className={classes.none}>{t("usage.none_in_range")}</p>}
      />
      {rest > 0 && (
        <div className={classes.rest}>
          <Button variant="subtle" size="xs" onClick={() => setShown(shown + rest)}>
            {t("usage.rest", { count: rest })}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Part({ part, colour }: { part: number; colour?: string }) {
  return (
    <span className={classes.part}>
      <span className={classes.track} aria-hidden>
        <span className={classes.fill} style={{ width: `${part}%`, background: colour }} />
      </span>
      <span className={`${classes.partValue} figures`}>{percent(part)}</span>
    </span>
  );
}
