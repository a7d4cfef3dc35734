// A big creel with something standing in it.
import type { ReactNode } from "react";
import classes from "./Wicker.module.css";

export function Wicker({ children }: { children: ReactNode }) {
  return (
    <div className={classes.creel}>
      <div className={classes.handle} aria-hidden="true" />
      <div className={classes.inside}>{children}</div>
      <svg className={classes.front} viewBox="0 0 480 176" aria-hidden="true" focusable="false">
        <defs>
          <pattern id="weave" width="44" height="30" patternUnits="userSpaceOnUse" patternTransform="translate(-4 8)">
            <rect width="44" height="30" className={classes.gap} />
            <path d="M11 0v30M33 0v30" className={classes.rib} />
            <path d="M-11 7.500q11 -7 22 0t22 0t22 0" className={classes.strand} />
            <path d="M-11 22.500q11 7 22 0t22 0t22 0" className={classes.strand} />
            <path d="M-9 4.500q9 -5 18 0M35 4.500q9 -5 18 0M13 19.500q9 -5 18 0" className={classes.shine} />
          </pattern>
        </defs>
        <path d="M14 22h452l-23 130a26 26 0 0 1-25.600 21.500H62.600A26 26 0 0 1 37 152z" fill="url(#weave)" />
        <rect x="0" y="6" width="480" height="28" rx="14" className={classes.rim} />
        <path d="M18 20h444" className={classes.cord} />
      </svg>
    </div>
  );
}
