// How a person gets a bot: three drawn steps with Telegram's own BotFather. He speaks English in every language, so he does here.
import { Anchor } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./BotFather.module.css";
import { Bubble, Marked, Phone, StartButton } from "./Phone";

export const BOT_FATHER = "https://t.me/BotFather";
/** Telegram's shortest bot name is five characters with "bot" at the end. */
const FALLBACK = "my_agent";

interface Props {
  /** Of the agent, to make the drawing a real example. */
  name?: string;
  slug?: string;
}

export function BotFather({ name, slug }: Props) {
  const { t } = useTranslation("wizard");
  const bot = `${(slug || FALLBACK).replaceAll("-", "_")}_bot`;
  return (
    <ol className={classes.steps}>
      <Step
        at={1}
        picture={
          <Phone title="BotFather">
            <Bubble>{t("father.hello")}</Bubble>
            <StartButton>{t("father.start")}</StartButton>
          </Phone>
        }
      >
        {t("father.open")}{" "}
        <Anchor underline="always" href={BOT_FATHER} target="_blank" rel="noreferrer" size="sm">
          {t("father.link")} <IconExternalLink size={13} aria-label={t("new_tab")} />
        </Anchor>
      </Step>
      <Step
        at={2}
        picture={
          <Phone title="BotFather" typing={bot}>
            <Bubble mine>/newbot</Bubble>
            <Bubble>{t("father.which_name")}</Bubble>
            <Bubble mine>{name || t("father.some_name")}</Bubble>
            <Bubble>{t("father.which_username")}</Bubble>
          </Phone>
        }
      >
        {t("father.name")}
      </Step>
      <Step
        at={3}
        picture={
          <Phone title="BotFather">
            <Bubble mine>{bot}</Bubble>
            <Bubble>
              {t("father.done")}
              <Marked>7301948265:AAEx…k3Qw</Marked>
            </Bubble>
          </Phone>
        }
      >
        {t("father.copy")}
      </Step>
    </ol>
  );
}

function Step({ at, picture, children }: { at: number; picture: ReactNode; children: ReactNode }) {
  return (
    <li className={classes.step}>
      {picture}
      <p className={classes.words}>
        <span className={classes.number} aria-hidden>
          {at}
        </span>
        <span>{children}</span>
      </p>
    </li>
  );
}
