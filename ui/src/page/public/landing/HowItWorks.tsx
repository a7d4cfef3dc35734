import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./HowItWorks.module.css";
import { Section } from "./Section";
import { HelloDrawing, MindDrawing, NameDrawing } from "./StepDrawings";

export function HowItWorks() {
  const { t } = useTranslation("public");
  return (
    <Section id="how" title={t("how.title")} lead={t("how.lead")} tinted>
      <ol className={classes.steps}>
        <Step at={1} name="name" drawing={<NameDrawing />} />
        <Step at={2} name="mind" drawing={<MindDrawing />} />
        <Step at={3} name="hello" drawing={<HelloDrawing />} />
      </ol>
    </Section>
  );
}

function Step({ at, name, drawing }: { at: number; name: "name" | "mind" | "hello"; drawing: ReactNode }) {
  const { t } = useTranslation("public");
  return (
    <li className={classes.step}>
      <div className={classes.stage}>{drawing}</div>
      <h3 className={classes.title}>
        <span className={classes.number} aria-hidden="true">
          {at}
        </span>
        {t(`how.${name}.title`)}
      </h3>
      <p className={classes.words}>{t(`how.${name}.words`)}</p>
    </li>
  );
}
