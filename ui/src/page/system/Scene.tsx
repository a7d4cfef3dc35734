// A whole page that says one thing: a drawing, a sentence, a way on. Brings its own bar where there is no shell.
import type { ReactNode } from "react";
import { TopBar } from "~/page/public/frame/TopBar";
import { useTitle } from "~/pattern/Page";
import { useInside } from "~/shell/inside";
import classes from "./Scene.module.css";

interface Props {
  title: string;
  drawing: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
  /** Small print: a reference for support. */
  note?: string;
  /** Read aloud as soon as it appears: it came by itself, nobody went there. */
  alert?: boolean;
}

export function Scene(props: Props) {
  const inside = useInside();
  if (inside) return <Words {...props} />;
  return (
    <div className={classes.screen}>
      <TopBar />
      <main id="main" className={classes.main} tabIndex={-1}>
        <Words {...props} />
      </main>
    </div>
  );
}

function Words({ title, drawing, children, actions, note, alert }: Props) {
  useTitle(title);
  return (
    <div className={classes.scene} role={alert ? "alert" : undefined}>
      <div className={classes.drawing}>{drawing}</div>
      <h1 className={`${classes.title} foreign`}>{title}</h1>
      <div className={`${classes.words} foreign`}>{children}</div>
      {actions && <div className={classes.actions}>{actions}</div>}
      {note && <p className={`${classes.note} foreign`}>{note}</p>}
    </div>
  );
}
