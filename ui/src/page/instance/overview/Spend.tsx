// This month's tokens and money against the plan's limit.
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { compact, money } from "~/format/number";
import { longDay } from "~/format/time";
import { Gauge } from "~/pattern/Gauge";
import { AnchorLink } from "~/pattern/LinkTo";
import { Panel } from "~/pattern/Panel";
import classes from "./Overview.module.css";

export function Spend({ agent }: { agent: Instance }) {
  const { t } = useTranslation(["instance", "common"]);
  const { month } = agent;
  return (
    <Panel
      title={t("spend.title")}
      actions={
        <AnchorLink to="/instances/$slug/usage" params={{ slug: agent.slug }} size="sm">
          {t("spend.more")}
        </AnchorLink>
      }
    >
      <p className={classes.big}>{money(month.cost_nano_usd)}</p>
      <p className={classes.soft}>
        {t("common:unit.tokens_of", { amount: compact(month.tokens), limit: compact(month.limit) })}
      </p>
      <div className={classes.gauge}>
        <Gauge part={month.tokens} whole={month.limit} label={t("spend.gauge")} />
      </div>
      <p className={classes.soft}>{t("spend.renews", { date: longDay(new Date(month.renews_at)) })}</p>
    </Panel>
  );
}
