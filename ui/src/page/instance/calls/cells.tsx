// The cells of the table of calls. On a phone the first one carries how the call ended, and the cost its tokens.
import { useTranslation } from "react-i18next";
import type { ModelCall } from "~/api/types";
import { compact, duration, money, whole } from "~/format/number";
import { Badge } from "~/pattern/Badge";
import { Time } from "~/pattern/Time";
import { channelName } from "../usage/causes";
import classes from "./Calls.module.css";
import { OUTCOMES, reason } from "./outcome";

type Props = { call: ModelCall };

export function Called({ call, model }: Props & { model: string }) {
  const { t } = useTranslation("instance");
  const why = t(`usage.cause.${call.cause}.name`);
  return (
    <div className={classes.called}>
      <span className="foreign">{model}</span>
      <span className={classes.soft}>
        <Time at={call.at} />
        {` · ${call.channel ? t("calls.on", { cause: why, channel: channelName(call.channel) }) : why}`}
      </span>
      <span className={classes.narrow}>
        <Ended call={call} />
      </span>
    </div>
  );
}

export function Tokens({ call }: Props) {
  const { t } = useTranslation("instance");
  const { input, output, cache_read: cached } = call;
  return (
    <>
      <span className={classes.figures}>{t("calls.in_out", { input: whole(input), output: whole(output) })}</span>
      {cached > 0 && <span className={classes.soft}>{t("calls.cached", { amount: compact(cached) })}</span>}
    </>
  );
}

export function Cost({ call }: Props) {
  const { t } = useTranslation("instance");
  const { cost_nano_usd: cost, estimated, input, output } = call;
  const said = cost === undefined ? "—" : money(cost);
  const why = costNote(call);
  return (
    <>
      <span>{estimated && cost !== undefined ? `≈ ${said}` : said}</span>
      {why && <span className={classes.soft}>{t(`calls.${why}`)}</span>}
      <span className={classes.narrow}>
        <span className={`${classes.soft} ${classes.figures}`}>
          {t("calls.in_out", { input: compact(input), output: compact(output) })}
        </span>
      </span>
    </>
  );
}

/** One word about a cost that is not what it seems. */
function costNote({ cost_nano_usd, estimated, own_key }: ModelCall): "unpriced" | "estimated" | "own_key" | undefined {
  if (cost_nano_usd === undefined) return "unpriced";
  if (estimated) return "estimated";
  return own_key ? "own_key" : undefined;
}

export function Took({ call }: Props) {
  const { t } = useTranslation("instance");
  return (
    <>
      <span>{duration(call.latency_ms)}</span>
      {call.ttft_ms !== undefined && (
        <span className={classes.soft}>{t("calls.first", { duration: duration(call.ttft_ms) })}</span>
      )}
    </>
  );
}

export function Ended({ call }: Props) {
  const { t } = useTranslation("instance");
  const why = reason(call);
  return (
    <span className={classes.ended}>
      <Badge look={OUTCOMES[call.outcome]}>{t(`calls.outcome.${call.outcome}`)}</Badge>
      {why && <span className={classes.soft}>{t(`calls.reason.${why.key}`, { status: why.status })}</span>}
    </span>
  );
}
