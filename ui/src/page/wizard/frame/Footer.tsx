// The way back and the way on. There is always a way on: an unanswered step is skipped, not locked.
import { Button } from "@mantine/core";
import { IconArrowLeft, IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { StepName } from "../step";
import classes from "./Frame.module.css";

interface Props {
  step: StepName;
  answered: boolean;
  busy: boolean;
  /** Creating is not possible now; what is in the way stands on the page. */
  blocked: boolean;
  back?: () => void;
  next: () => void;
}

export function Footer({ step, answered, busy, blocked, back, next }: Props) {
  const { t } = useTranslation(["wizard", "common"]);
  const last = step === "review";
  const words = last ? t("create") : answered ? t("common:action.continue") : t("common:action.skip");
  return (
    <div className={classes.footer}>
      {back && (
        <Button variant="subtle" color="gray" leftSection={<IconArrowLeft size={16} aria-hidden />} onClick={back}>
          {t("common:action.back")}
        </Button>
      )}
      <Button
        className={classes.end}
        size="md"
        variant={answered || last ? "filled" : "default"}
        loading={busy}
        disabled={blocked}
        rightSection={last ? undefined : <IconArrowRight size={16} aria-hidden />}
        onClick={next}
      >
        {words}
      </Button>
    </div>
  );
}
