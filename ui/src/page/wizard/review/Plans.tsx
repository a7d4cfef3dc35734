// The plans, their limits in words.
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Plan } from "~/api/types";
import { messagesIn } from "~/feature/model/price";
import { compact, price, whole } from "~/format/number";
import { Choice, Choices } from "~/pattern/Choice";
import { fits } from "../room";
import classes from "./Review.module.css";

interface Props {
  plans: Plan[];
  chosen: string;
  /** Agents there are already. */
  count: number;
  onChoose: (plan: string) => void;
}

export function Plans({ plans, chosen, count, onChoose }: Props) {
  const { t } = useTranslation("wizard");
  const group = useId();
  return (
    <Choices label={t("plan.label")} min={240}>
      {plans.map((plan) => (
        <Choice
          key={plan.id}
          name={group}
          value={plan.id}
          checked={plan.id === chosen}
          disabled={!fits(plan, count) && plan.id !== chosen}
          onChoose={() => onChoose(plan.id)}
          title={plan.name}
          mark={<span className={classes.price}>{t("plan.price", { price: price(plan.price_nano_usd) })}</span>}
        >
          <span className={classes.limits}>
            <span>
              {t("plan.tokens", {
                limit: compact(plan.tokens_per_month),
                count: messagesIn(plan.tokens_per_month),
                messages: whole(messagesIn(plan.tokens_per_month)),
              })}
            </span>
            <span>{t("plan.people", { count: plan.people })}</span>
            <span>{t("plan.agents", { count: plan.instances })}</span>
            {!fits(plan, count) && <strong>{t("plan.full", { count })}</strong>}
          </span>
        </Choice>
      ))}
    </Choices>
  );
}
