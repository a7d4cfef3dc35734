// The bar above every page that stands outside the shell.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "~/pattern/Brand";
import { LanguageSwitch, SchemeSwitch } from "./Switches";
import classes from "./TopBar.module.css";

export function TopBar({ children, wide }: { children?: ReactNode; wide?: boolean }) {
  const { t } = useTranslation("shell");
  return (
    <header className={classes.bar} data-wide={wide || undefined}>
      <a href="#main" className="skip">
        {t("skip")}
      </a>
      <div className={classes.inner}>
        <Link to="/" className={classes.brand} aria-label="Creel">
          <Mark size={28} />
          <span className={classes.name}>Creel</span>
        </Link>
        <div className={classes.end}>
          <LanguageSwitch />
          <SchemeSwitch />
          {children}
        </div>
      </div>
    </header>
  );
}
