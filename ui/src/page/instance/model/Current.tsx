// The model in use, and the choice of another. Nothing is changed before "Use this model".
import { Button, Group } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Instance, Plan, Provider } from "~/api/types";
import { modelFor, modelName, providerFor } from "~/feature/model/catalogue";
import { Cost } from "~/feature/model/ModelCard";
import { ModelPicker } from "~/feature/model/ModelPicker";
import { Failure } from "~/pattern/Failure";
import { Panel } from "~/pattern/Panel";
import { useMayChange } from "../agent";
import { useChange } from "./change";
import classes from "./Model.module.css";

interface Props {
  agent: Instance;
  providers: Provider[];
  plan: Plan;
}

export function Current({ agent, providers, plan }: Props) {
  const { t } = useTranslation(["instance", "common"]);
  const [choosing, setChoosing] = useState(false);
  const mayChange = useMayChange();
  if (choosing) return <Choosing agent={agent} providers={providers} plan={plan} onDone={() => setChoosing(false)} />;
  const model = modelFor(providers, agent.model);
  const vendor = providerFor(providers, agent.model);
  return (
    <Panel
      title={t("model.title")}
      actions={
        mayChange && (
          <Button variant="default" size="xs" onClick={() => setChoosing(true)}>
            {t("model.change")}
          </Button>
        )
      }
    >
      <p className={`${classes.name} foreign`}>{modelName(providers, agent.model)}</p>
      <p className={classes.soft}>
        {vendor?.name} · {t(`model.paid.${agent.key_source}`)}
      </p>
      {model && (
        <p className={classes.cost}>
          <Cost model={model} />
        </p>
      )}
    </Panel>
  );
}

function Choosing({ agent, providers, plan, onDone }: Props & { onDone: () => void }) {
  const { t } = useTranslation(["instance", "common"]);
  const [chosen, setChosen] = useState(agent.model);
  const change = useChange(agent.slug);
  return (
    <Panel title={t("model.choose")} lead={t("model.choose_words")}>
      <ModelPicker providers={providers} plan={plan} value={chosen} onChange={setChosen} />
      {change.error && <Failure error={change.error} />}
      <Group mt={16} gap="xs">
        <Button
          disabled={chosen === agent.model}
          loading={change.isPending}
          onClick={() => change.mutate({ model: chosen }, { onSuccess: onDone })}
        >
          {t("model.use")}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t("common:action.cancel")}
        </Button>
      </Group>
    </Panel>
  );
}
