// What happened, drawn: our basket and what became of it.
import type { ReactNode } from "react";
import classes from "./Drawing.module.css";

function Frame({ children }: { children: ReactNode }) {
  return (
    <svg
      width="176"
      height="132"
      viewBox="0 0 176 132"
      className={classes.drawing}
      aria-hidden="true"
      focusable="false"
    >
      <ellipse cx="88" cy="117" rx="66" ry="6" className={classes.shade} />
      {children}
    </svg>
  );
}

function Basket({ open }: { open?: boolean }) {
  return (
    <g>
      {!open && <path d="M64 54a24 24 0 0 1 48 0" className={classes.line} />}
      <path d="M46 54h84l-9.500 50a10 10 0 0 1-9.800 8H65.300a10 10 0 0 1-9.800-8z" className={classes.body} />
      <path d="M49.500 72h77M53 90h70" className={classes.weave} />
      <path d="M67 57l5 53M88 57v53M109 57l-5 53" className={classes.weave} />
      <rect x="41" y="47" width="94" height="13" rx="6.500" className={classes.rim} />
    </g>
  );
}

/** Nothing in it: the fish is off. */
export function Escaped() {
  return (
    <Frame>
      <Basket open />
      <path d="M96 40c6-16 17-24 30-26" className={classes.path} />
      <g transform="translate(126 4) rotate(14)">
        <path d="M4 10c7-9 20-9 27 0c-7 9-20 9-27 0z" className={classes.fish} />
        <path d="M5 10l-9-6v12z" className={classes.fish} />
        <circle cx="25" cy="8" r="1.600" className={classes.eye} />
      </g>
    </Frame>
  );
}

/** Closed for this reader. */
export function Locked() {
  return (
    <Frame>
      <Basket />
      <g transform="translate(74 66)">
        <path d="M6 14V9a8 8 0 0 1 16 0v5" className={classes.strong} />
        <rect x="0" y="13" width="28" height="22" rx="6" className={classes.accent} />
        <path d="M14 21v6" className={classes.keyhole} />
      </g>
    </Frame>
  );
}

/** The handle is torn off: nobody can take hold of it. */
export function Cut() {
  return (
    <Frame>
      <path d="M62 48c-3-15 3-25 15-29M114 48c4-11 2-20-5-25" className={classes.line} />
      <Basket open />
      <path d="M90 6v8M102 8l-4 7M79 7l4 6" className={classes.spark} />
    </Frame>
  );
}

/** Something in it broke. */
export function Torn() {
  return (
    <Frame>
      <Basket />
      <path d="M108 112l-6-15 9-6-7-14 8-5" className={classes.crack} />
      <path d="M134 100l12 4M132 108l9 8M138 90l12-3" className={classes.spark} />
    </Frame>
  );
}

/** A new one stands there. */
export function Fresh() {
  return (
    <Frame>
      <Basket />
      <path d="M146 22v16M138 30h16M30 30v10M25 35h10M150 66v8M146 70h8" className={classes.spark} />
    </Frame>
  );
}
