// A drawn phone with a Telegram talk in it. A picture: the words beside it carry the meaning, so it is hidden from screen readers.
import type { ReactNode } from "react";
import classes from "./Phone.module.css";

interface Props {
  /** Who the talk is with. */
  title: string;
  children: ReactNode;
  /** What stands in the field at the bottom. */
  typing?: string;
}

export function Phone({ title, children, typing }: Props) {
  return (
    <div className={classes.phone} aria-hidden>
      <div className={classes.bar}>
        <span className={classes.avatar}>
          <Robot />
        </span>
        <span className={classes.title}>{title}</span>
        <Verified />
      </div>
      <div className={classes.talk}>{children}</div>
      <div className={classes.field}>
        <span className={classes.input} data-typed={typing ? true : undefined}>
          {typing}
          {typing && <span className={classes.caret} />}
        </span>
        <span className={classes.send}>
          <svg viewBox="0 0 16 16" width="12" height="12" focusable="false" aria-hidden="true">
            <path d="M2 3l12 5-12 5 2-5z" fill="currentColor" />
          </svg>
        </span>
      </div>
    </div>
  );
}

export function Bubble({ mine, children }: { mine?: boolean; children: ReactNode }) {
  return (
    <div className={classes.bubble} data-mine={mine || undefined}>
      {children}
    </div>
  );
}

export function Marked({ children }: { children: ReactNode }) {
  return <span className={classes.marked}>{children}</span>;
}

export function StartButton({ children }: { children: ReactNode }) {
  return <div className={classes.start}>{children}</div>;
}

function Robot() {
  return (
    <svg viewBox="0 0 24 24" width="16" height="16" focusable="false" aria-hidden="true">
      <path d="M12 3v3" stroke="currentColor" strokeWidth="1.800" strokeLinecap="round" />
      <rect x="5" y="6.500" width="14" height="12" rx="4" fill="currentColor" />
      <circle cx="9.500" cy="12.300" r="1.500" fill="#2f8fd0" />
      <circle cx="14.500" cy="12.300" r="1.500" fill="#2f8fd0" />
    </svg>
  );
}

function Verified() {
  return (
    <svg viewBox="0 0 16 16" width="13" height="13" focusable="false" aria-hidden="true">
      <circle cx="8" cy="8" r="7" fill="#2f8fd0" />
      <path d="M5 8.200l2.100 2.100L11.200 6" fill="none" stroke="#fff" strokeWidth="1.600" strokeLinecap="round" />
    </svg>
  );
}
