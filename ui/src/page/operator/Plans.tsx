// The plans: what each allows and costs, who is on it, and changing it.
import { Button, Skeleton } from "@mantine/core";
import { IconCreditCard } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Plan } from "~/api/types";
import { price, whole } from "~/format/number";
import { Empty } from "~/pattern/Empty";
import { Await } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { Panel } from "~/pattern/Panel";
import { Facts } from "./list/Facts";
import { Editor } from "./plans/Editor";
import { useAgentsOn } from "./plans/Effects";
import type { Field } from "./plans/effects";
import classes from "./plans/Plans.module.css";
import { heldRules } from "./plans/policy";
import { useValue } from "./plans/words";

export function Plans() {
  const { t } = useTranslation("operator");
  const query = useQuery({ queryKey: keys.plans, queryFn: () => body(api.GET("/api/v1/plans")) });
  const [edited, setEdited] = useState<Plan>();
  return (
    <Page title={t("plans.title")} lead={t("plans.lead")}>
      <Await query={query} skeleton={<Outline />}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconCreditCard} title={t("plans.empty")} />
          ) : (
            <div className={classes.grid}>
              {items.map((plan) => (
                <Card key={plan.id} plan={plan} onEdit={() => setEdited(plan)} />
              ))}
            </div>
          )
        }
      </Await>
      {edited && <Editor plan={edited} onClose={() => setEdited(undefined)} />}
    </Page>
  );
}

const SHOWN: Field[] = [
  "tokens_per_month",
  "memory_mib",
  "cpu_millis",
  "instances",
  "people",
  "allowed_models",
  "default_model",
];

function Card({ plan, onEdit }: { plan: Plan; onEdit: () => void }) {
  const { t } = useTranslation(["operator", "common"]);
  const value = useValue();
  const agents = useAgentsOn(plan.id);
  const held = heldRules(plan);
  const link = (
    <Link to="/operator/instances" search={{ plan: plan.id }}>
      {whole(agents ?? 0)}
    </Link>
  );
  return (
    <Panel
      title={plan.name}
      lead={plan.id}
      actions={
        <Button variant="default" size="xs" onClick={onEdit} aria-label={t("plans.edit_title", { name: plan.name })}>
          {t("common:action.edit")}
        </Button>
      }
    >
      <p className={`${classes.price} figures`}>{t("plans.per_month", { price: price(plan.price_nano_usd) })}</p>
      <Facts
        facts={[
          [t("plans.on"), agents === undefined ? "…" : link],
          ...SHOWN.map((field): [string, string] => [t(`plans.field.${field}`), value(plan, field)]),
          ...(held.length > 0
            ? held.map((rule): [string, string] => [t(`plans.field.llm.${rule}`), value(plan, `llm.${rule}`)])
            : [[t("plans.policy.facts"), t("plans.policy.no_rules")] as [string, string]]),
        ]}
      />
    </Panel>
  );
}

function Outline() {
  return (
    <div className={classes.grid} aria-busy="true">
      {["a", "b", "c"].map((card) => (
        <Skeleton key={card} height={420} radius={12} />
      ))}
    </div>
  );
}
