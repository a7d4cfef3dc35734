import { Anchor } from "@mantine/core";
import { IconCheck, IconKey } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Entry } from "../entry/house";
import { Chat } from "./Chat";
import classes from "./Hero.module.css";
import { Start } from "./Start";
import { Wicker } from "./Wicker";

export function Hero({ entry }: { entry: Entry }) {
  const { t } = useTranslation("public");
  return (
    <section className={classes.hero}>
      <div className={classes.words}>
        {entry === "setup" && <Unfinished />}
        <h1 className={classes.title}>{t("hero.title")}</h1>
        <p className={classes.lead}>{t("hero.lead")}</p>
        <div className={classes.way}>
          <Start entry={entry} />
          <Anchor href="#how" className={classes.more}>
            {t("hero.more")}
          </Anchor>
        </div>
        {entry === "login" && <p className={classes.closed}>{t("closed")}</p>}
        <ul className={classes.points}>
          {(["one", "two", "three"] as const).map((point) => (
            <li key={point}>
              <IconCheck size={16} stroke={2.4} aria-hidden />
              {t(`hero.point.${point}`)}
            </li>
          ))}
        </ul>
      </div>
      <Wicker>
        <Chat />
      </Wicker>
    </section>
  );
}

/** Whoever just started this server comes here first. */
function Unfinished() {
  const { t } = useTranslation("public");
  return (
    <Link to="/setup" className={classes.unfinished}>
      <span className={classes.key}>
        <IconKey size={18} stroke={1.8} aria-hidden />
      </span>
      <span>
        <strong>{t("unfinished.title")}</strong>
        {t("unfinished.words")}
      </span>
    </Link>
  );
}
