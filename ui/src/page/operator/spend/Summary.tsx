// This month so far, and where it is heading.
import { useTranslation } from "react-i18next";
import { compact, money } from "~/format/number";
import { longDay } from "~/format/time";
import { Panel } from "~/pattern/Panel";
import classes from "./Spend.module.css";
import type { Spend } from "./spend";

export function Summary({ spend: { month, forecast } }: { spend: Spend }) {
  const { t } = useTranslation("operator");
  return (
    <Panel title={t("spend.month")} lead={t("spend.renews", { date: longDay(new Date(month.renews_at)) })}>
      <dl className={classes.figures}>
        <Figure label={t("spend.so_far")} value={money(month.cost_nano_usd)} />
        {forecast ? (
          <Figure
            label={t("spend.forecast")}
            value={`≈ ${money(forecast.cost_nano_usd)}`}
            more={t("spend.basis", { count: forecast.basis_days })}
            estimate
          />
        ) : (
          <Figure label={t("spend.forecast")} value="—" more={t("spend.no_forecast")} estimate />
        )}
        <Figure label={t("spend.tokens")} value={compact(month.tokens)} />
        <Figure label={t("spend.calls")} value={compact(month.calls)} />
      </dl>
    </Panel>
  );
}

interface FigureProps {
  label: string;
  value: string;
  more?: string;
  /** Not counted but reckoned. */
  estimate?: boolean;
}

export function Figure({ label, value, more, estimate }: FigureProps) {
  return (
    <div className={classes.figure}>
      <dt>{label}</dt>
      <dd className="figures">
        <span className={classes.value} data-estimate={estimate || undefined}>
          {value}
        </span>
        {more && <span className={classes.quiet}>{more}</span>}
      </dd>
    </div>
  );
}
