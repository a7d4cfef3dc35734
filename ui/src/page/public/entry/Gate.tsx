// The frame of signing in, signing up and setting up: one card, one question.
import type { ReactNode } from "react";
import { useTitle } from "~/pattern/Page";
import { TroubleBanner } from "~/shell/TroubleBanner";
import { TopBar } from "../frame/TopBar";
import classes from "./Gate.module.css";

interface Props {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  /** Below the card: the other way. */
  other?: ReactNode;
}

export function Gate({ title, lead, children, other }: Props) {
  useTitle(title);
  return (
    <div className={classes.screen}>
      <TopBar />
      <TroubleBanner />
      <main id="main" tabIndex={-1} className={classes.main}>
        <div className={classes.card}>
          <h1 className={classes.title}>{title}</h1>
          {lead && <div className={classes.lead}>{lead}</div>}
          {children}
        </div>
        {other && <p className={classes.other}>{other}</p>}
      </main>
    </div>
  );
}
