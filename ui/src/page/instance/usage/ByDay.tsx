// Usage by day, as a chart or as a table, in money or in tokens.
import { Skeleton, Switch } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { compact, money, whole } from "~/format/number";
import { day as shortDay } from "~/format/time";
import { DataTable } from "~/pattern/DataTable";
import { Panel } from "~/pattern/Panel";
import { Segments } from "~/pattern/Segments";
import { useNow } from "~/pattern/Time";
import { amount, lastDays, OTHERS, type Spent, stack, type Unit } from "./figures";
import { colour } from "./series";
import classes from "./Usage.module.css";

const DailyChart = lazy(() => import("./DailyChart"));
export const RANGES = [7, 30, 90] as const;
export type Range = (typeof RANGES)[number];

interface Props {
  entries: (Spent & { day: string; model: string })[];
  range: Range;
  onRange: (range: Range) => void;
  unit: Unit;
  onUnit: (unit: Unit) => void;
  /** What a series is called. */
  label: (series: string) => string;
}

export function ByDay({ entries, range, onRange, unit, onUnit, label }: Props) {
  const { t } = useTranslation("instance");
  const [asTable, setAsTable] = useState(false);
  const today = useNow().toISOString().slice(0, 10);
  const data = useMemo(
    () => stack(lastDays(range, new Date(`${today}T12:00:00Z`)), entries, unit),
    [range, today, entries, unit],
  );
  const name = (series: string) => (series === OTHERS && data.series.length > 1 ? t("usage.others") : label(series));
  return (
    <Panel
      title={t("usage.by_day")}
      lead={t("usage.utc")}
      actions={
        <>
          <Segments<Unit>
            label={t("usage.unit")}
            options={[
              { value: "money", label: t("usage.money") },
              { value: "tokens", label: t("usage.tokens") },
            ]}
            value={unit}
            onChange={onUnit}
          />
          <Segments
            label={t("usage.range")}
            options={RANGES.map((days) => ({ value: String(days), label: t("usage.days", { count: days }) }))}
            value={String(range)}
            onChange={(value) => onRange(Number(value) as Range)}
          />
        </>
      }
    >
      {asTable ? (
        <Days data={data} />
      ) : (
        <figure className={classes.figure} aria-label={t("usage.by_day")}>
          <Suspense fallback={<Skeleton height="100%" radius={8} />}>
            <DailyChart data={data} unit={unit} label={name} />
          </Suspense>
        </figure>
      )}
      <div className={classes.foot}>
        <ul className={classes.legend}>
          {data.series.map((series, at) => (
            <li key={series} className={classes.legendItem}>
              <span className={classes.dot} style={{ background: colour(data.series, at) }} />
              <span className="foreign">{name(series)}</span>
            </li>
          ))}
        </ul>
        <Switch
          size="xs"
          label={t("usage.as_table")}
          checked={asTable}
          onChange={(event) => setAsTable(event.currentTarget.checked)}
        />
      </div>
    </Panel>
  );
}

function Days({ data }: { data: ReturnType<typeof stack> }) {
  const { t } = useTranslation("instance");
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={classes.days} tabIndex={0} aria-label={t("usage.by_day")}>
      <DataTable
        label={t("usage.by_day")}
        rows={data.rows.toReversed()}
        rowKey={({ day }) => day}
        columns={[
          { id: "day", header: t("usage.day"), cell: ({ day }) => shortDay(day) },
          { id: "money", header: t("usage.money"), align: "end", cell: (row) => money(amount(row, "money")) },
          { id: "tokens", header: t("usage.tokens"), align: "end", cell: (row) => compact(row.tokens) },
          { id: "calls", header: t("usage.calls"), align: "end", from: "sm", cell: (row) => whole(row.calls) },
        ]}
      />
    </section>
  );
}
