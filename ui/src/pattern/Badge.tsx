// The one way a state is shown.
import { useTranslation } from "react-i18next";
import type { Operation, State } from "~/api/types";
import classes from "./Badge.module.css";
import { type Look, STATES, STATUSES } from "./state";

export function Badge({ look, children }: { look: Look; children: string }) {
  const Shape = look.icon;
  return (
    <span className={classes.badge} data-tone={look.tone}>
      <Shape size={14} stroke={2.2} className={look.turns ? classes.turning : undefined} aria-hidden />
      {children}
    </span>
  );
}

export function StateBadge({ state }: { state: State }) {
  const { t } = useTranslation();
  return <Badge look={STATES[state]}>{t(`state.${state}`)}</Badge>;
}

export function StatusBadge({ status }: { status: Operation["status"] }) {
  const { t } = useTranslation();
  return <Badge look={STATUSES[status]}>{t(`status.${status}`)}</Badge>;
}
