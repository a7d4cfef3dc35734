// One key: how it is and what that means, how many of its calls failed, and what went wrong last.
import { useTranslation } from "react-i18next";
import { percent, share, whole } from "~/format/number";
import { Badge } from "~/pattern/Badge";
import { Time } from "~/pattern/Time";
import { useVendorName } from "../spend/Shares";
import classes from "./Upstreams.module.css";
import { LOOKS, type Upstream } from "./upstreams";

/** One call in so many fails now and then; from this part on, percent, it is said in red. */
const MANY = 10;

export function KeyCard({ upstream }: { upstream: Upstream }) {
  const { t } = useTranslation("operator");
  const name = useVendorName()(upstream.provider);
  const { state, calls, failures, key_last4: last } = upstream;
  const look = LOOKS[state];
  const failed = share(failures, calls);
  const key = last ? t("upstreams.key", { last }) : t("upstreams.short_key");
  return (
    <section className={classes.card} data-tone={look.tone} aria-label={`${name}, ${key}`}>
      <header className={classes.head}>
        <div className={classes.who}>
          <h3 className={`${classes.title} truncate foreign`}>{name}</h3>
          <span className={`${classes.soft} foreign`}>{key}</span>
        </div>
        <Badge look={look}>{t(`upstreams.state.${state}`)}</Badge>
      </header>
      {state !== "closed" && <p className={classes.words}>{t(`upstreams.means.${state}`)}</p>}
      <p className={`${classes.figures} figures`}>
        <span>{t("upstreams.calls", { count: calls, amount: whole(calls) })}</span>
        <span data-bad={failed >= MANY || undefined}>
          {t("upstreams.failures", { count: failures, amount: whole(failures) })}
          {failed >= 1 && ` (${percent(failed)})`}
        </span>
      </p>
      <span className={classes.track} aria-hidden>
        <span className={classes.failed} style={{ width: `${failed}%` }} />
      </span>
      {upstream.last_error ? (
        <p className={`${classes.error} foreign`}>
          <span className={classes.soft}>
            {t("upstreams.last_error")} <Time at={upstream.last_error_at} />
          </span>
          <span className={classes.clamp}>{upstream.last_error}</span>
        </p>
      ) : (
        <p className={classes.soft}>{t("upstreams.no_error")}</p>
      )}
    </section>
  );
}
