import { Skeleton } from "@mantine/core";
import { IconMessageCircle, IconRobot, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Plan } from "~/api/types";
import { compact, price, whole } from "~/format/number";
import { Await } from "~/pattern/Loading";
import type { Icon } from "~/pattern/state";
import classes from "./Plans.module.css";
import { pages } from "./pages";
import { Section } from "./Section";

export function Plans() {
  const { t } = useTranslation("public");
  const plans = useQuery({ queryKey: keys.plans, queryFn: () => body(api.GET("/api/v1/plans")) });
  return (
    <Section title={t("plans.title")} lead={t("plans.lead")} id="plans">
      <Await query={plans} skeleton={<Waiting />}>
        {({ items }) => (
          <ul className={classes.plans}>
            {[...items]
              .sort((a, b) => a.price_nano_usd - b.price_nano_usd)
              .map((plan) => (
                <Card key={plan.id} plan={plan} />
              ))}
          </ul>
        )}
      </Await>
      <p className={classes.small}>{t("plans.small")}</p>
    </Section>
  );
}

function Card({ plan }: { plan: Plan }) {
  const { t } = useTranslation(["public", "common"]);
  const tokens = t("common:unit.tokens", { amount: compact(plan.tokens_per_month) });
  return (
    <li className={classes.plan}>
      <h3 className={`${classes.name} foreign`}>{plan.name}</h3>
      <p className={classes.price}>
        <strong className="figures">
          {plan.price_nano_usd === 0 ? t("public:plans.free") : price(plan.price_nano_usd)}
        </strong>
        {plan.price_nano_usd > 0 && <span>{t("public:plans.per_month")}</span>}
      </p>
      <ul className={classes.parts}>
        <Part icon={IconMessageCircle} note={t("public:plans.tokens", { tokens })}>
          {t("public:plans.pages", { pages: whole(pages(plan.tokens_per_month)) })}
        </Part>
        <Part icon={IconRobot}>{t("public:plans.agents", { count: plan.instances })}</Part>
        <Part icon={IconUsers}>{t("public:plans.people", { count: plan.people })}</Part>
      </ul>
    </li>
  );
}

function Part({ icon: Shape, note, children }: { icon: Icon; note?: string; children: string }) {
  return (
    <li>
      <Shape size={18} stroke={1.7} aria-hidden />
      <span>
        {children}
        {note && <small>{note}</small>}
      </span>
    </li>
  );
}

function Waiting() {
  return (
    <div className={classes.plans} aria-busy="true">
      {[0, 1, 2].map((card) => (
        <Skeleton key={card} height={252} radius={16} />
      ))}
    </div>
  );
}
