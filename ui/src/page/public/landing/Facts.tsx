import { IconAdjustments, IconEye, IconGauge, IconHome } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Facts.module.css";
import { Section } from "./Section";

const FACTS = [
  { name: "room", icon: IconHome },
  { name: "limit", icon: IconGauge },
  { name: "sight", icon: IconEye },
  { name: "yours", icon: IconAdjustments },
] as const;

export function Facts() {
  const { t } = useTranslation("public");
  return (
    <Section title={t("facts.title")} tinted>
      <ul className={classes.facts}>
        {FACTS.map(({ name, icon: Shape }) => (
          <li key={name} className={classes.fact}>
            <Shape size={24} stroke={1.6} aria-hidden />
            <h3>{t(`facts.${name}.title`)}</h3>
            <p>{t(`facts.${name}.words`)}</p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
