// The plan: what it gives in words, and what a change does before it is made.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Instance, Plan } from "~/api/types";
import { allows, modelFor, providersQuery } from "~/feature/model/catalogue";
import { bytes, compact, price } from "~/format/number";
import { Choice, Choices } from "~/pattern/Choice";
import { Confirm } from "~/pattern/Confirm";
import { Await } from "~/pattern/Loading";
import { Notice } from "~/pattern/Notice";
import { Panel } from "~/pattern/Panel";
import { useChange } from "../model/change";
import { useModelName } from "../model/names";
import { plansQuery } from "./plans";
import classes from "./Settings.module.css";

const MIB = 1024 * 1024;

export function PlanChoice({ agent, readOnly }: { agent: Instance; readOnly: boolean }) {
  const { t } = useTranslation("instance");
  const query = useQuery(plansQuery);
  return (
    <Panel title={t("plan.title")} lead={t("plan.lead")}>
      <Await query={query}>{(plans) => <Plans agent={agent} plans={plans} readOnly={readOnly} />}</Await>
    </Panel>
  );
}

function Plans({ agent, plans, readOnly }: { agent: Instance; plans: Plan[]; readOnly: boolean }) {
  const { t } = useTranslation("instance");
  const [chosen, setChosen] = useState(agent.plan);
  const [asking, setAsking] = useState(false);
  const change = useChange(agent.slug);
  const now = plans.find(({ id }) => id === agent.plan);
  const next = plans.find(({ id }) => id === chosen);
  return (
    <>
      <Choices label={t("plan.title")} hideLabel min={230}>
        {plans.map((plan) => (
          <Choice
            key={plan.id}
            name="plan"
            value={plan.id}
            checked={plan.id === chosen}
            disabled={readOnly}
            onChoose={() => setChosen(plan.id)}
            title={plan.name}
            mark={<span className={classes.price}>{t("plan.price", { price: price(plan.price_nano_usd) })}</span>}
          >
            <Limits plan={plan} />
          </Choice>
        ))}
      </Choices>
      {next && chosen !== agent.plan && (
        <Button mt={14} onClick={() => setAsking(true)}>
          {t("plan.change", { plan: next.name })}
        </Button>
      )}
      {next && (
        <Confirm
          opened={asking}
          onClose={() => setAsking(false)}
          title={t("plan.change_title", { plan: next.name })}
          verb={t("plan.change", { plan: next.name })}
          danger={false}
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(patch(agent, next), { onSuccess: () => setAsking(false) })}
        >
          <What agent={agent} now={now} next={next} />
        </Confirm>
      )}
    </>
  );
}

/** A model that the new plan does not have is replaced in the same breath; else the server would refuse. */
function patch(agent: Instance, next: Plan) {
  return allows(next, agent.model) ? { plan: next.id } : { plan: next.id, model: next.default_model };
}

function Limits({ plan }: { plan: Plan }) {
  const { t } = useTranslation("instance");
  const cores = plan.cpu_millis / 1000;
  return (
    <span className={classes.limits}>
      <span>{t("plan.tokens", { tokens: compact(plan.tokens_per_month) })}</span>
      <span>{t("plan.people", { count: plan.people })}</span>
      <span>
        {t("plan.power", { memory: bytes(plan.memory_mib * MIB), cores: t("plan.cores", { count: cores, cores }) })}
      </span>
    </span>
  );
}

function What({ agent, now, next }: { agent: Instance; now?: Plan; next: Plan }) {
  const { t } = useTranslation("instance");
  const name = useModelName();
  const { data: providers = [] } = useQuery(providersQuery);
  const restarts = now?.cpu_millis !== next.cpu_millis || now?.memory_mib !== next.memory_mib;
  const spent = agent.month.tokens >= next.tokens_per_month;
  const model = allows(next, agent.model) ? undefined : next.default_model;
  return (
    <div className={classes.what}>
      <p>{t("plan.at_once")}</p>
      <p>{restarts ? t("plan.restarts", { name: agent.name }) : t("plan.no_restart")}</p>
      {model && (
        <Notice tone="warn">
          {t("plan.model", { old: name(agent.model), model: modelFor(providers, model)?.name ?? name(model) })}
        </Notice>
      )}
      {spent && <Notice tone="warn">{t("plan.spent", { tokens: compact(agent.month.tokens) })}</Notice>}
    </div>
  );
}
