// The month so far, and where it is heading.
import { useTranslation } from "react-i18next";
import type { Forecast, LimitView } from "~/api/types";
import { useLimitWords } from "~/feature/limit/words";
import { compact, money } from "~/format/number";
import { longDay } from "~/format/time";
import { Panel } from "~/pattern/Panel";
import { ahead } from "./ahead";
import type { Spent } from "./figures";
import classes from "./Usage.module.css";

interface Props {
  month: Spent & { renews_at: string };
  forecast: Forecast | undefined;
  limits: LimitView[];
}

export function Month({ month, forecast, limits }: Props) {
  const { t } = useTranslation("instance");
  return (
    <Panel title={t("usage.month")} lead={t("spend.renews", { date: longDay(new Date(month.renews_at)) })}>
      <dl className={classes.numbers}>
        <Figure value={money(month.cost_nano_usd)} label={t("usage.spent")} />
        <Ahead forecast={forecast} limits={limits} />
        <Figure value={compact(month.tokens)} label={t("usage.tokens")} />
        <Figure value={compact(month.calls)} label={t("usage.calls")} />
      </dl>
    </Panel>
  );
}

interface FigureProps {
  value: string;
  label: string;
  /** On what it rests. */
  more?: string;
  /** Not counted but reckoned. */
  estimate?: boolean;
  warns?: boolean;
}

function Figure({ value, label, more, estimate, warns }: FigureProps) {
  return (
    <div className={classes.number}>
      <dt className={classes.soft}>{label}</dt>
      <dd>
        <span className={classes.big} data-estimate={estimate || undefined}>
          {value}
        </span>
        {more && (
          <span className={classes.more} data-over={warns || undefined}>
            {more}
          </span>
        )}
      </dd>
    </div>
  );
}

function Ahead({ forecast, limits }: Pick<Props, "forecast" | "limits">) {
  const { t } = useTranslation("instance");
  const words = useLimitWords();
  const label = t("usage.forecast");
  const said = ahead(forecast, limits);
  if (said.kind === "none") return <Figure value="—" label={label} more={t("usage.forecast_none")} estimate />;
  const more =
    said.kind === "over"
      ? t("usage.forecast_over", { limit: words.limit(said.limit) })
      : t("usage.forecast_basis", { count: said.days });
  return <Figure value={`≈ ${money(said.cost)}`} label={label} more={more} estimate warns={said.kind === "over"} />;
}
