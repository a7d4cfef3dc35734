// What thinks for the agent, and whose key pays for it.
import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { providerFor, providerOf } from "~/feature/model/catalogue";
import { ModelPicker } from "~/feature/model/ModelPicker";
import { useWords } from "~/pattern/Failure";
import { Notice } from "~/pattern/Notice";
import { StepFrame } from "../frame/StepFrame";
import type { StepProps } from "../step";
import { Custom } from "./Custom";
import { KeyChoice } from "./KeyChoice";
import classes from "./ModelStep.module.css";

export function ModelStep({ answers, shop, plan, refusal, go, focused }: StepProps) {
  const { t } = useTranslation("wizard");
  const words = useWords();
  const { draft, change } = answers;
  const provider = providerFor(shop.providers, draft.model);
  return (
    <StepFrame title={t("model.title")} lead={t("model.lead")} focused={focused}>
      {refusal && (
        <Notice tone="bad" title={words(refusal)}>
          {refusal.hint}
        </Notice>
      )}
      <ModelPicker
        providers={shop.providers}
        plan={plan}
        value={draft.model && providerOf(draft.model) !== "custom" ? draft.model : undefined}
        onChange={(model) => change({ model })}
      />
      <Custom plan={plan} value={draft.model} onChange={(model) => change({ model })} />
      {shop.plans.length > 1 && (
        <p className={classes.plan}>
          {t("model.plan_note", { plan: plan.name })}{" "}
          <Anchor underline="always" component="button" type="button" size="sm" onClick={() => go("review")}>
            {t("model.other_plan")}
          </Anchor>
        </p>
      )}
      {provider && <KeyChoice key={provider.id} provider={provider} plan={plan} answers={answers} />}
    </StepFrame>
  );
}
