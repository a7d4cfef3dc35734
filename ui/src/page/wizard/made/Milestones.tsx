// Sent, arrived, answered: said aloud as they happen.
import { IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Milestones.module.css";

interface Props {
  arrived: boolean;
  answered: boolean;
}

export function Milestones({ arrived, answered }: Props) {
  const { t } = useTranslation("wizard");
  return (
    <ol className={classes.list} aria-live="polite">
      <Line done={arrived} current={!arrived}>
        {arrived ? t("first.arrived") : t("first.waiting")}
      </Line>
      <Line done={answered} current={arrived && !answered}>
        {answered ? t("first.answered") : t(arrived ? "first.thinking" : "first.then")}
      </Line>
    </ol>
  );
}

function Line({ done, current, children }: { done: boolean; current: boolean; children: string }) {
  const Shape = done ? IconCircleCheck : IconCircleDashed;
  return (
    <li className={classes.line} data-done={done || undefined} data-current={current || undefined}>
      {current ? <span className={classes.pulse} aria-hidden /> : <Shape size={22} stroke={1.9} aria-hidden />}
      <span>{children}</span>
    </li>
  );
}
