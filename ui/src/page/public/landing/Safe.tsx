// Why there is nothing to steal from an agent, as a picture: everything it says to the outside goes through the basket, which holds the keys.
import { IconBrandTelegram, IconKey, IconKeyOff, IconSparkles } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Mark } from "~/pattern/Brand";
import type { Icon } from "~/pattern/state";
import classes from "./Safe.module.css";
import { Section } from "./Section";

export function Safe() {
  const { t } = useTranslation("public");
  return (
    <Section title={t("safe.title")} lead={t("safe.lead")}>
      <div className={classes.picture} role="img" aria-label={t("safe.picture")}>
        <div className={classes.agent}>
          <span className={classes.wall}>
            <AgentFace />
          </span>
          <strong>{t("safe.agent")}</strong>
          <span className={classes.note}>
            <IconKeyOff size={15} aria-hidden />
            {t("safe.none")}
          </span>
        </div>
        <Line />
        <div className={classes.keeper}>
          <Mark size={52} />
          <strong>Creel</strong>
          <span className={classes.keys}>
            <Kept icon={IconBrandTelegram} text={t("safe.bot_key")} />
            <Kept icon={IconSparkles} text={t("safe.model_key")} />
          </span>
        </div>
        <Line />
        <div className={classes.world}>
          <Place icon={IconBrandTelegram} name="Telegram" />
          <Place icon={IconSparkles} name={t("safe.model")} />
        </div>
      </div>
    </Section>
  );
}

function AgentFace() {
  return (
    <svg width="44" height="44" viewBox="0 0 36 36" aria-hidden="true" focusable="false" className={classes.face}>
      <circle cx="12" cy="15" r="2.600" />
      <circle cx="24" cy="15" r="2.600" />
      <path d="M11 22.500c3.500 4 10.500 4 14 0" />
    </svg>
  );
}

const Line = () => <span className={classes.line} aria-hidden="true" />;

function Kept({ icon: Shape, text }: { icon: Icon; text: string }) {
  return (
    <span className={classes.key}>
      <IconKey size={15} aria-hidden />
      {text}
      <Shape size={15} aria-hidden />
    </span>
  );
}

function Place({ icon: Shape, name }: { icon: Icon; name: string }) {
  return (
    <span className={classes.place}>
      <Shape size={22} stroke={1.6} aria-hidden />
      {name}
    </span>
  );
}
