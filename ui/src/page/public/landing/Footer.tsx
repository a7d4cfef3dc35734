import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Mark } from "~/pattern/Brand";
import classes from "./Footer.module.css";

export function Footer({ version }: { version?: string }) {
  const { t } = useTranslation("public");
  return (
    <footer className={classes.footer}>
      <div className={classes.inner}>
        <p className={classes.who}>
          <Mark size={22} />
          <span>
            {t("footer.what")}
            <small>{[version && t("footer.version", { version }), "Apache-2.0"].filter(Boolean).join(" · ")}</small>
          </span>
        </p>
        <nav className={classes.links} aria-label={t("footer.label")}>
          <a href="#how">{t("footer.how")}</a>
          <a href="#plans">{t("footer.plans")}</a>
          <Link to="/reference">{t("footer.reference")}</Link>
          <Link to="/login">{t("sign_in")}</Link>
        </nav>
      </div>
    </footer>
  );
}
