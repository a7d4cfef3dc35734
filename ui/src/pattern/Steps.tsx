// The progress of an operation: one line per real step, with the time it took. Announced politely to screen readers.
import { useTranslation } from "react-i18next";
import type { Operation, Step } from "~/api/types";
import { duration } from "~/format/number";
import { Notice } from "./Notice";
import classes from "./Steps.module.css";
import { STATUSES } from "./state";
import { useNow } from "./Time";

export function Steps({ operation }: { operation: Operation }) {
  const active = operation.status === "running" || operation.status === "pending";
  const now = useNow(active ? 500 : 60_000);
  return (
    <div>
      <ol className={classes.steps} aria-live="polite">
        {operation.steps.map((step) => (
          <Line key={step.step} step={step} now={now} />
        ))}
      </ol>
      {operation.error && operation.status === "failed" && <Notice tone="bad">{operation.error}</Notice>}
    </div>
  );
}

function Line({ step, now }: { step: Step; now: Date }) {
  const { t } = useTranslation();
  const look = STATUSES[step.status];
  const Shape = look.icon;
  return (
    <li className={classes.step} data-status={step.status}>
      <span className={classes.icon} data-tone={look.tone}>
        <Shape size={18} stroke={2} className={look.turns ? classes.turning : undefined} aria-hidden />
      </span>
      <span className={classes.label}>
        {t(`step.${step.step}`)}
        <span className={classes.hidden}>: {t(`status.${step.status}`)}</span>
      </span>
      <span className={`${classes.time} figures`}>{took(step, now)}</span>
    </li>
  );
}

function took(step: Step, now: Date): string {
  if (!step.started_at) return "";
  const end = step.finished_at ? new Date(step.finished_at) : now;
  return duration(Math.max(0, end.getTime() - new Date(step.started_at).getTime()));
}
