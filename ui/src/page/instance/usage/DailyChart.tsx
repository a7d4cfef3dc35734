// Days as bars, stacked by series. Loaded only where it is shown. Whoever cannot see it has the same figures as a table beside it.
import { useTranslation } from "react-i18next";
import {
  Bar,
  BarChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import { compact, money } from "~/format/number";
import { day as shortDay } from "~/format/time";
import type { Row, Stack, Unit } from "./figures";
import { colour } from "./series";
import classes from "./Usage.module.css";

interface Props {
  data: Stack;
  unit: Unit;
  /** The name of a series. */
  label: (series: string) => string;
}

/** Rounded only where the stack ends. */
const ROUND: [number, number, number, number] = [3, 3, 0, 0];
const FLAT: [number, number, number, number] = [0, 0, 0, 0];

export default function DailyChart({ data, unit, label }: Props) {
  useTranslation();
  const says = unit === "money" ? money : compact;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={data.rows} margin={{ top: 8, right: 0, bottom: 0, left: 0 }} barCategoryGap="22%">
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="day"
          tickFormatter={shortDay}
          tick={{ fill: "var(--ink-soft)", fontSize: 12 }}
          tickLine={false}
          axisLine={{ stroke: "var(--line-strong)" }}
          minTickGap={28}
        />
        <YAxis
          width={58}
          tickFormatter={says}
          tick={{ fill: "var(--ink-soft)", fontSize: 12 }}
          tickLine={false}
          axisLine={false}
          tickCount={5}
        />
        <Tooltip
          cursor={{ fill: "var(--surface-hover)" }}
          isAnimationActive={false}
          content={(props: TooltipContentProps) => <Detail {...props} data={data} says={says} label={label} />}
        />
        {data.series.map((series, at) => (
          <Bar
            key={series}
            dataKey={(row: Row) => row.parts[at] ?? 0}
            name={label(series)}
            stackId="day"
            fill={colour(data.series, at)}
            radius={at === data.series.length - 1 ? ROUND : FLAT}
            maxBarSize={44}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

type DetailProps = Pick<TooltipContentProps, "active" | "payload"> &
  Pick<Props, "data" | "label"> & { says: (value: number) => string };

function Detail({ active, payload, data, says, label }: DetailProps) {
  const row = payload?.[0]?.payload as Row | undefined;
  if (!active || !row) return null;
  return (
    <div className={classes.tip}>
      <p className={classes.tipDay}>{shortDay(row.day)}</p>
      {data.series.map((series, at) => (
        <p key={series} className={classes.tipLine}>
          <span className={classes.dot} style={{ background: colour(data.series, at) }} />
          <span className={`${classes.tipName} foreign`}>{label(series)}</span>
          <span className="figures">{says(row.parts[at] ?? 0)}</span>
        </p>
      ))}
    </div>
  );
}
