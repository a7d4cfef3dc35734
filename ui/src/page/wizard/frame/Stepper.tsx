// Where one is, and a way to every other step: none has to be done before another.
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Answers } from "../draft/useDraft";
import { isAnswered, type Shop, STEPS, type StepName } from "../step";
import classes from "./Stepper.module.css";

interface Props {
  step: StepName;
  draft: Answers;
  shop: Shop;
  go: (step: StepName) => void;
}

export function Stepper({ step, draft, shop, go }: Props) {
  const { t } = useTranslation("wizard");
  const at = STEPS.indexOf(step);
  return (
    <nav aria-label={t("step.label")} className={classes.nav}>
      <ol className={classes.steps}>
        {STEPS.map((name, index) => {
          const done = name !== step && isAnswered(name, draft, shop);
          return (
            <li key={name} className={classes.item}>
              <button
                type="button"
                className={classes.step}
                aria-current={name === step ? "step" : undefined}
                data-passed={index <= at || undefined}
                onClick={() => go(name)}
              >
                <span className={classes.mark} data-done={done || undefined} aria-hidden>
                  {done ? <IconCheck size={14} stroke={2.6} /> : index + 1}
                </span>
                <span className={classes.word}>
                  {t(`step.${name}`)}
                  {done && <span className={classes.hidden}>{t("step.done")}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
      <p className={classes.compact} aria-hidden>
        {t("step.compact", { at: at + 1, of: STEPS.length })} <strong>{t(`step.${step}`)}</strong>
      </p>
    </nav>
  );
}
