// A sentence that must not be missed, in its place on the page.
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Notice.module.css";
import type { Icon, Tone } from "./state";

const ICONS: Record<Tone, Icon> = {
  good: IconCircleCheck,
  busy: IconInfoCircle,
  quiet: IconInfoCircle,
  warn: IconAlertTriangle,
  bad: IconX,
};

interface Props {
  tone: Tone;
  title?: string;
  action?: ReactNode;
  children?: ReactNode;
}

export function Notice({ tone, title, action, children }: Props) {
  const Shape = ICONS[tone];
  return (
    <div className={classes.notice} data-tone={tone} role={tone === "bad" ? "alert" : "status"}>
      <Shape size={18} stroke={2} className={classes.icon} aria-hidden />
      <div className={`${classes.words} foreign`}>
        {title && <p className={classes.title}>{title}</p>}
        {children && <div className={classes.body}>{children}</div>}
      </div>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
