// The frame of a screen: where am I, what is this, what can I do. Sets the document's title and takes the focus after a change of page.
import { IconChevronLeft } from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Page.module.css";

interface Props {
  title: string;
  /** Before the title: a portrait. */
  face?: ReactNode;
  /** Beside the title: a state. */
  mark?: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  back?: { to: LinkProps["to"]; label: string };
  /** The title takes the focus, for one came here by pressing something that is gone; and it is said again when it changes. */
  focused?: boolean;
  /** For forms and reading. */
  narrow?: boolean;
  children?: ReactNode;
}

export function Page({ title, face, mark, lead, actions, back, focused, narrow, children }: Props) {
  useTitle(title);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focused) heading.current?.focus();
  }, [focused]);
  return (
    <div className={classes.page} data-narrow={narrow || undefined}>
      {back && (
        <Link to={back.to} className={classes.back}>
          <IconChevronLeft size={16} aria-hidden /> {back.label}
        </Link>
      )}
      <header className={classes.head}>
        {face}
        <div className={classes.words}>
          <div className={classes.line}>
            <h1
              className={`${classes.title} foreign`}
              tabIndex={-1}
              ref={heading}
              aria-live={focused ? "polite" : undefined}
            >
              {title}
            </h1>
            {mark}
          </div>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function useTitle(title: string) {
  const { t } = useTranslation();
  const product = t("product");
  useEffect(() => {
    document.title = title === product ? product : `${title} · ${product}`;
  }, [title, product]);
}
