// This month's money, and the limit that is nearest to its end.
import { useTranslation } from "react-i18next";
import type { Instance, LimitView } from "~/api/types";
import { useLimitWords } from "~/feature/limit/words";
import { money } from "~/format/number";
import { Gauge } from "~/pattern/Gauge";
import { AnchorLink } from "~/pattern/LinkTo";
import { Panel } from "~/pattern/Panel";
import { useUsage } from "../agent";
import { tightest } from "../limits/left";
import { useLeftWords } from "../limits/words";
import { FIRST_RANGE } from "../usage/range";
import classes from "./Overview.module.css";

export function Spend({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  // Asked for as its own page does, which then has its answer already.
  const { data } = useUsage(agent.slug, FIRST_RANGE);
  return (
    <Panel
      title={t("spend.title")}
      actions={
        <AnchorLink to="/instances/$slug/usage" params={{ slug: agent.slug }} size="sm">
          {t("spend.more")}
        </AnchorLink>
      }
    >
      <p className={classes.big}>{money(agent.month.cost_nano_usd)}</p>
      <Nearest limit={(data && tightest(data.limits)) ?? ofPlan(agent)} />
    </Panel>
  );
}

/** Until all limits are there: the plan's own, which comes with the agent. */
const ofPlan = ({ month }: Instance): LimitView => ({
  scope: "instance",
  source: "plan",
  unit: "tokens",
  window: "month",
  amount: month.limit,
  spent: month.tokens,
  held: 0,
  renews_at: month.renews_at,
  editable: false,
});

function Nearest({ limit }: { limit: LimitView }) {
  const { t } = useTranslation("instance");
  const words = useLimitWords();
  const left = useLeftWords();
  const whole = words.limit(limit);
  const shared = limit.scope === "tenant";
  return (
    <>
      <p className={classes.soft}>
        {t(shared ? "limits.part_shared" : "limits.part", {
          part: left.amount(limit.unit, limit.spent ?? 0),
          limit: whole,
        })}
      </p>
      <div className={classes.gauge}>
        <Gauge part={limit.spent ?? 0} held={limit.held} whole={limit.amount} label={whole} />
      </div>
      <p className={classes.soft}>{left.renews(limit)}</p>
    </>
  );
}
