// Who pays for the answers: the platform's credit where there is any, or the person's own account with the vendor.
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Plan, Provider } from "~/api/types";
import { KeyForm } from "~/feature/model/KeyForm";
import { compact } from "~/format/number";
import { Choice, Choices } from "~/pattern/Choice";
import { Panel } from "~/pattern/Panel";
import type { DraftHandle } from "../draft/useDraft";
import classes from "./ModelStep.module.css";

interface Props {
  provider: Provider;
  plan: Plan;
  answers: DraftHandle;
}

export function KeyChoice({ provider, plan, answers }: Props) {
  const { t } = useTranslation("wizard");
  const group = useId();
  const { draft, change } = answers;
  if (!provider.key) return null;
  const vendor = provider.name;
  const own = !provider.platform_key || draft.key_source === "own";
  const form = <OwnKey provider={provider} answers={answers} />;
  if (!provider.platform_key)
    return (
      <Panel title={t("model.key_needed", { vendor })} lead={t("model.key_needed_words", { vendor })}>
        {form}
      </Panel>
    );
  return (
    <div className={classes.pays}>
      <h3 className={classes.question}>{t("model.pays")}</h3>
      <Choices label={t("model.pays")} hideLabel min={380}>
        <Choice
          name={group}
          value="platform"
          checked={!own}
          onChoose={() => change({ key_source: "platform" })}
          title={t("model.platform")}
        >
          {t("model.platform_words", { limit: compact(plan.tokens_per_month), plan: plan.name })}
        </Choice>
        <Choice
          name={group}
          value="own"
          checked={own}
          onChoose={() => change({ key_source: "own" })}
          title={t("model.own", { vendor })}
        >
          {t("model.own_words", { vendor })}
        </Choice>
      </Choices>
      {own && <Panel>{form}</Panel>}
    </div>
  );
}

function OwnKey({ provider, answers }: Pick<Props, "provider" | "answers">) {
  const { draft, checkKey, removeKey } = answers;
  const kept = draft.key?.provider === provider.id ? draft.key : undefined;
  return (
    <KeyForm
      provider={provider}
      kept={kept}
      check={(key) => checkKey({ provider: provider.id, ...key })}
      remove={removeKey}
    />
  );
}
