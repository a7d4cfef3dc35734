// How long the model thinks before it answers, in words instead of levels.
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { Choice, Choices } from "~/pattern/Choice";
import { Failure } from "~/pattern/Failure";
import { Panel } from "~/pattern/Panel";
import { useMayChange } from "../agent";
import { useChange } from "./change";

const LEVELS = ["auto", "off", "low", "medium", "high"] as const;
type Level = (typeof LEVELS)[number];

export function Thinking({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const change = useChange(agent.slug);
  const mayChange = useMayChange();
  // What is wished shows at once; a refusal puts the old one back.
  const wished = change.isPending ? change.variables.thinking : agent.thinking;
  const level: Level = wished === "minimal" ? "low" : (wished ?? "auto");
  const choose = (to: Level) => change.mutate({ thinking: to === "auto" ? null : to });
  return (
    <Panel title={t("thinking.title")} lead={t("thinking.lead")}>
      <Choices label={t("thinking.title")} hideLabel min={160}>
        {LEVELS.map((value) => (
          <Choice
            key={value}
            name="thinking"
            value={value}
            checked={level === value}
            disabled={!mayChange}
            onChoose={() => choose(value)}
            title={t(`thinking.${value}`)}
          >
            {t(`thinking.${value}_words`)}
          </Choice>
        ))}
      </Choices>
      {change.error && <Failure error={change.error} />}
    </Panel>
  );
}
