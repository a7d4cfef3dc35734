import { useTranslation } from "react-i18next";
import type { Entry } from "../entry/house";
import classes from "./Ending.module.css";
import { Start } from "./Start";

export function Ending({ entry }: { entry: Entry }) {
  const { t } = useTranslation("public");
  return (
    <section className={classes.band} aria-label={t("ending.title")}>
      <div className={classes.panel}>
        <div>
          <h2 className={classes.title}>{t("ending.title")}</h2>
          <p className={classes.words}>{entry === "login" ? t("closed") : t("ending.words")}</p>
        </div>
        <Start entry={entry} white />
      </div>
    </section>
  );
}
