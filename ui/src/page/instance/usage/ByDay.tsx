// Usage by day, as a chart or as a table, in money or in tokens.
import { Switch } from "@mantine/core";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { compact, money, whole } from "~/format/number";
import { day as shortDay } from "~/format/time";
import { Bars, type Series } from "~/pattern/chart/Bars";
import { DataTable } from "~/pattern/DataTable";
import { Panel } from "~/pattern/Panel";
import { Segments } from "~/pattern/Segments";
import { useNow } from "~/pattern/Time";
import { type Entry, lastDays, OTHERS, type Stack, stack, summary, type Unit } from "./figures";
import { RANGES, type Range } from "./range";
import { colour } from "./series";
import classes from "./Usage.module.css";

export type { Range };

interface Props {
  entries: Entry[];
  range: Range;
  onRange: (range: Range) => void;
  unit: Unit;
  onUnit: (unit: Unit) => void;
  /** What a series is called. */
  label: (series: string) => string;
  /** Series in this order and with colours of their own, where they are not the largest of many. */
  order?: readonly string[];
  colourOf?: (series: string) => string;
  /** Chooses what the bars are made of. */
  split?: ReactNode;
}

/** With their unit; only on the axis they stand without. */
function useTokens() {
  const { t } = useTranslation();
  return (value: number) => t("unit.tokens", { amount: compact(value) });
}

export function ByDay({ entries, range, onRange, unit, onUnit, label, order, colourOf, split }: Props) {
  const { t } = useTranslation("instance");
  const tokens = useTokens();
  const [asTable, setAsTable] = useState(false);
  const today = useNow().toISOString().slice(0, 10);
  const data = useMemo(
    () => stack(lastDays(range, new Date(`${today}T12:00:00Z`)), entries, unit, order),
    [range, today, entries, unit, order],
  );
  const says = unit === "money" ? money : tokens;
  const series = data.series.map((key, at): Series => {
    const others = key === OTHERS && data.series.length > 1;
    const name = others ? t("usage.others") : label(key);
    return { key, name, colour: colourOf?.(key) ?? colour(data.series, at) };
  });
  return (
    <Panel
      title={t("usage.by_day")}
      lead={`${t("usage.in_days", { count: range, total: says(summary(data, unit).total) })} ${t("usage.utc")}`}
      actions={
        <>
          {split}
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
      {asTable ? <Days data={data} /> : <Chart data={data} series={series} unit={unit} />}
      <div className={classes.foot}>
        <Legend series={series} />
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

function Chart({ data, series, unit }: { data: Stack; series: Series[]; unit: Unit }) {
  const { t } = useTranslation("instance");
  const tokens = useTokens();
  const says = unit === "money" ? money : tokens;
  const { total, most } = summary(data, unit);
  const columns = useMemo(() => data.rows.map(({ day, parts }) => ({ key: day, name: shortDay(day), parts })), [data]);
  const words = { total: says(total), count: data.rows.length };
  return (
    <div className={classes.figure}>
      <Bars
        label={t("usage.walk")}
        summary={most ? t("usage.summary", { ...words, day: shortDay(most.day) }) : t("usage.none_in_range")}
        series={series}
        columns={columns}
        says={says}
        axis={unit === "money" ? money : compact}
      />
    </div>
  );
}

function Legend({ series }: { series: Series[] }) {
  return (
    <ul className={classes.legend}>
      {series.map(({ key, name, colour: of }) => (
        <li key={key} className={classes.legendItem}>
          <span className={classes.dot} style={{ background: of }} />
          <span className="foreign">{name}</span>
        </li>
      ))}
    </ul>
  );
}

function Days({ data }: { data: Stack }) {
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
          { id: "money", header: t("usage.money"), align: "end", cell: (row) => money(row.cost_nano_usd) },
          { id: "tokens", header: t("usage.tokens"), align: "end", cell: (row) => compact(row.tokens) },
          { id: "calls", header: t("usage.calls"), align: "end", from: "sm", cell: (row) => whole(row.calls) },
        ]}
      />
    </section>
  );
}
