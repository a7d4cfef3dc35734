// Since when the figures are true. Quiet while they are asked every few seconds, loud when they are old.
import { IconClockExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { clock, relative } from "~/format/time";
import { useNow } from "~/pattern/Time";
import classes from "./List.module.css";

interface Props {
  /** Milliseconds since 1970, when the last answer came; 0: none yet. */
  at: number;
  /** How often an answer is expected, milliseconds. */
  every: number;
}

/** Missed answers before it is said. */
const MISSED = 2.4;

export function Freshness({ at, every }: Props) {
  const { t } = useTranslation("operator");
  const now = useNow(1_000);
  if (at === 0) return null;
  const old = now.getTime() - at > every * MISSED;
  return (
    <span className={classes.fresh} data-old={old || undefined} role={old ? "status" : undefined}>
      {old ? <IconClockExclamation size={14} aria-hidden /> : <span className={classes.pulse} aria-hidden />}
      {old
        ? t("fresh.old", { when: relative(new Date(at), now) })
        : t("fresh.live", { seconds: Math.round(every / 1000), at: clock(new Date(at)) })}
    </span>
  );
}
