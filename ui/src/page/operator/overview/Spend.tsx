// What models cost: today, this month, and the days before.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { compact, money } from "~/format/number";
import { day } from "~/format/time";
import { Panel } from "~/pattern/Panel";
import classes from "./Overview.module.css";
import type { DayCost, Overview } from "./overview";
import { SpendChart } from "./SpendChart";

export function Spend({ overview }: { overview: Overview }) {
  const { t } = useTranslation(["operator", "common"]);
  const tokens = (amount: number) => t("common:unit.tokens", { amount: compact(amount) });
  return (
    <Panel
      title={t("overview.spend")}
      lead={t("overview.spend_words")}
      actions={
        <Link to="/operator/spend" className={classes.all}>
          {t("overview.all_spend")}
        </Link>
      }
    >
      <dl className={classes.figures}>
        <Figure
          label={t("overview.today")}
          value={money(overview.today_cost_nano_usd)}
          more={tokens(overview.today_tokens)}
        />
        <Figure
          label={t("overview.month")}
          value={money(overview.month_cost_nano_usd)}
          more={tokens(overview.month_tokens)}
        />
      </dl>
      <figure className={classes.chart} aria-label={t("overview.chart")}>
        <SpendChart days={overview.by_day} />
        <DaysInWords days={overview.by_day} />
      </figure>
    </Panel>
  );
}

export function Figure({ label, value, more }: { label: string; value: string; more?: string }) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd className="figures">
        <span className={classes.value}>{value}</span>
        {more && <span className={classes.quiet}>{more}</span>}
      </dd>
    </div>
  );
}

/** The same for whoever cannot see the bars. */
function DaysInWords({ days }: { days: DayCost[] }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.unseen}>
      <table>
        <caption>{t("overview.chart")}</caption>
        <tbody>
          {days.map((one) => (
            <tr key={one.day}>
              <th scope="row">{day(one.day)}</th>
              <td>{money(one.cost_nano_usd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
