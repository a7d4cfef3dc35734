// A titled surface: the only kind of box there is.
import type { ReactNode } from "react";
import classes from "./Panel.module.css";

interface Props {
  title?: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Red edge: what happens here cannot be taken back. */
  danger?: boolean;
  /** Without inner padding, for lists and tables that reach the edge. */
  flush?: boolean;
  id?: string;
  children?: ReactNode;
}

export function Panel({ title, lead, actions, danger, flush, id, children }: Props) {
  return (
    <section className={classes.panel} data-danger={danger || undefined} aria-label={title} id={id}>
      {(title || actions) && (
        <header className={classes.head}>
          <div className={classes.words}>
            {title && <h2 className={classes.title}>{title}</h2>}
            {lead && <p className={classes.lead}>{lead}</p>}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      {children && <div className={flush ? classes.flush : classes.body}>{children}</div>}
    </section>
  );
}
