// Thirty days as bars. Fetched apart, because drawing them is heavy.
import { useTranslation } from "react-i18next";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { compact, money } from "~/format/number";
import { day } from "~/format/time";
import { lastDays } from "./days";
import classes from "./Overview.module.css";
import type { DayCost } from "./overview";

const DAYS = 30;

export function SpendChart({ days }: { days: DayCost[] }) {
  useTranslation();
  const shown = lastDays(days, DAYS, new Date());
  return (
    <div aria-hidden className={classes.bars}>
      <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 640, height: 180 }}>
        <BarChart
          data={shown}
          margin={{ top: 8, right: 0, bottom: 0, left: 0 }}
          barCategoryGap="22%"
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis
            dataKey="day"
            tickFormatter={day}
            tickLine={false}
            axisLine={{ stroke: "var(--line-strong)" }}
            tick={{ fontSize: 11, fill: "var(--ink-faint)" }}
            minTickGap={40}
          />
          <YAxis
            tickFormatter={money}
            tickLine={false}
            axisLine={false}
            width={58}
            tick={{ fontSize: 11, fill: "var(--ink-faint)" }}
            tickCount={4}
          />
          <Tooltip cursor={{ fill: "var(--surface-hover)" }} content={Tip} isAnimationActive={false} />
          <Bar
            dataKey="cost_nano_usd"
            fill="var(--chart-1)"
            radius={[3, 3, 0, 0]}
            isAnimationActive={false}
            maxBarSize={22}
          />
        </BarChart>
      </ResponsiveContainer>
    </div>
  );
}

function Tip({ active, payload }: { active?: boolean; payload?: readonly { payload?: DayCost }[] }) {
  const { t } = useTranslation("common");
  const one = payload?.[0]?.payload;
  if (!active || !one) return null;
  return (
    <div className={classes.tip}>
      <span className={classes.quiet}>{day(one.day)}</span>
      <strong className="figures">{money(one.cost_nano_usd)}</strong>
      <span className={classes.quiet}>{t("unit.tokens", { amount: compact(one.tokens) })}</span>
    </div>
  );
}
