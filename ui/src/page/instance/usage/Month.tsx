// The month against its limit, and where it is heading.
import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Instance, Usage } from "~/api/types";
import { compact, money } from "~/format/number";
import { longDay } from "~/format/time";
import { Gauge } from "~/pattern/Gauge";
import { Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { useNow } from "~/pattern/Time";
import { useUsage } from "../agent";
import { forecast, type Spent } from "./figures";
import classes from "./Usage.module.css";

/** The forecast looks back a week, whatever the chart shows. */
const LOOKED_BACK = 30;

export function Month({ agent }: { agent: Instance }) {
  const { t } = useTranslation(["instance", "common"]);
  const { data } = useUsage(agent.slug, LOOKED_BACK);
  const renews = new Date(agent.month.renews_at);
  return (
    <Panel title={t("usage.month")} lead={t("spend.renews", { date: longDay(renews) })}>
      {data ? (
        <div className={classes.month}>
          <div className={classes.numbers}>
            <Figure value={money(data.month.cost_nano_usd)} label={t("usage.spent")} />
            <Figure value={compact(data.month.total)} label={t("usage.tokens")} />
            <Figure value={compact(data.month.calls)} label={t("usage.calls")} />
            <Forecast usage={data} renews={renews} />
          </div>
          <div>
            <Gauge part={data.month.total} whole={data.month.limit} label={t("spend.gauge")} />
            <p className={classes.soft}>
              {t("common:unit.tokens_of", { amount: compact(data.month.total), limit: compact(data.month.limit) })}
            </p>
          </div>
        </div>
      ) : (
        <Lines count={3} height={22} />
      )}
    </Panel>
  );
}

function Figure({ value, label }: { value: string; label: string }) {
  return (
    <div>
      <p className={classes.big}>{value}</p>
      <p className={classes.soft}>{label}</p>
    </div>
  );
}

const spent = ({ total, calls, cost_nano_usd }: { total: number; calls: number; cost_nano_usd: number }): Spent => ({
  tokens: total,
  calls,
  cost_nano_usd,
});

function Forecast({ usage, renews }: { usage: Usage; renews: Date }) {
  const { t } = useTranslation("instance");
  const now = useNow();
  const days = usage.by_day.map((entry) => ({ day: entry.day, ...spent(entry) }));
  const cost = forecast(spent(usage.month), renews, days, "money", now);
  const tokens = forecast(spent(usage.month), renews, days, "tokens", now);
  if (cost === undefined || tokens === undefined) return null;
  const over = tokens > usage.month.limit;
  return (
    <Tooltip label={t("usage.forecast_how")} multiline w={280}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: how the estimate is made must be reachable by keyboard */}
      <div tabIndex={0}>
        <p className={classes.big} data-estimate>
          ≈ {money(cost)}
        </p>
        <p className={classes.soft} data-over={over || undefined}>
          {over ? t("usage.forecast_over") : t("usage.forecast")}
        </p>
      </div>
    </Tooltip>
  );
}
