// A part of the landing page with its heading.
import type { ReactNode } from "react";
import classes from "./Section.module.css";

interface Props {
  id?: string;
  title: string;
  lead?: string;
  tinted?: boolean;
  children: ReactNode;
}

export function Section({ id, title, lead, tinted, children }: Props) {
  return (
    <section className={classes.band} data-tinted={tinted || undefined} id={id} aria-label={title}>
      <div className={classes.inner}>
        <h2 className={classes.title}>{title}</h2>
        {lead && <p className={classes.lead}>{lead}</p>}
        <div className={classes.body}>{children}</div>
      </div>
    </section>
  );
}
