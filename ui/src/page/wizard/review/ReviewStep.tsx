// Everything once more, with a way back to each answer, and the plan.
import { useTranslation } from "react-i18next";
import { useWords } from "~/pattern/Failure";
import { Notice } from "~/pattern/Notice";
import { StepFrame } from "../frame/StepFrame";
import type { StepProps } from "../step";
import { Plans } from "./Plans";
import { Summary } from "./Summary";

export function ReviewStep({ answers, shop, plan, refusal, go, focused }: StepProps) {
  const { t } = useTranslation("wizard");
  const words = useWords();
  return (
    <StepFrame title={t("review.title")} lead={t("review.lead")} focused={focused}>
      {refusal && (
        <Notice tone="bad" title={words(refusal)}>
          {refusal.hint}
        </Notice>
      )}
      <Summary draft={answers.draft} shop={shop} plan={plan} go={go} />
      {shop.plans.length > 1 && (
        <Plans
          plans={shop.plans}
          chosen={plan.id}
          count={shop.taken.length}
          onChoose={(id) => answers.change({ plan: id })}
        />
      )}
    </StepFrame>
  );
}
