// A step's heading and what stands below it. Takes the focus when one comes here from another step, so that it is read aloud.
import { type ReactNode, useEffect, useRef } from "react";
import classes from "./Frame.module.css";

interface Props {
  title: string;
  lead?: ReactNode;
  focused?: boolean;
  children: ReactNode;
}

export function StepFrame({ title, lead, focused, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!focused) return;
    heading.current?.focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }, [focused]);
  return (
    <section className={classes.step}>
      <header>
        <h2 className={classes.heading} tabIndex={-1} ref={heading}>
          {title}
        </h2>
        {lead && <p className={classes.lead}>{lead}</p>}
      </header>
      {children}
    </section>
  );
}
