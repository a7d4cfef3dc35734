// What each of the three steps looks like, drawn from the console's own shapes.
import { IconBrandTelegram, IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./StepDrawings.module.css";

export function NameDrawing() {
  const { t } = useTranslation("public");
  return (
    <div className={classes.card} aria-hidden="true">
      <span className={classes.label}>{t("how.name.label")}</span>
      <span className={classes.field}>
        Ada
        <i className={classes.caret} />
      </span>
      <span className={classes.chips}>
        <span data-on>{t("how.name.one")}</span>
        <span>{t("how.name.two")}</span>
        <span>{t("how.name.three")}</span>
      </span>
    </div>
  );
}

const MINDS = [
  { name: "quick", strength: 1, cost: 1 },
  { name: "even", strength: 2, cost: 2, on: true },
  { name: "deep", strength: 3, cost: 3 },
] as const;

export function MindDrawing() {
  const { t } = useTranslation("public");
  return (
    <div className={classes.minds} aria-hidden="true">
      {MINDS.map((mind) => (
        <div key={mind.name} className={classes.mind} data-on={"on" in mind || undefined}>
          <span className={classes.mindName}>{t(`how.mind.${mind.name}`)}</span>
          <span className={classes.bars}>
            {[1, 2, 3].map((bar) => (
              <i key={bar} data-full={bar <= mind.strength || undefined} />
            ))}
          </span>
          <span className={classes.coins}>{"$".repeat(mind.cost)}</span>
          <span className={classes.tick}>{"on" in mind && <IconCheck size={12} stroke={3} />}</span>
        </div>
      ))}
    </div>
  );
}

export function HelloDrawing() {
  const { t } = useTranslation("public");
  return (
    <div className={classes.hello} aria-hidden="true">
      <svg viewBox="0 0 260 150" className={classes.flight} aria-hidden="true" focusable="false">
        <path d="M2 92c14-34 44-58 88-60" />
      </svg>
      <IconBrandTelegram size={44} stroke={1.6} className={classes.plane} />
      <span className={classes.said}>{t("how.hello.said")}</span>
      <span className={classes.heard}>{t("how.hello.heard")}</span>
    </div>
  );
}
