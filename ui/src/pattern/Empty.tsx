// Nothing here yet: why, and the one thing to do about it.
import type { ReactNode } from "react";
import classes from "./Empty.module.css";
import type { Icon } from "./state";

interface Props {
  icon: Icon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ icon: Shape, title, children, action }: Props) {
  return (
    <div className={classes.empty}>
      <span className={classes.icon}>
        <Shape size={24} stroke={1.7} aria-hidden />
      </span>
      <p className={classes.title}>{title}</p>
      {children && <div className={classes.words}>{children}</div>}
      {action}
    </div>
  );
}
