// The line above a list: search, filters, and at its end what one can do with all of it.
import type { ReactNode } from "react";
import classes from "./List.module.css";

export function Tools({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <search className={classes.tools}>
      {children}
      {end && <div className={classes.end}>{end}</div>}
    </search>
  );
}
