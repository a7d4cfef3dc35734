// A plan's limits with their units.
import { useTranslation } from "react-i18next";
import type { Plan } from "~/api/types";
import { useLimitWords } from "~/feature/limit/words";
import { bytes, compact, price, whole } from "~/format/number";
import type { Field, PlainField } from "./effects";
import { type Problem, policyOf, type Rule } from "./policy";

const MIB = 1024 * 1024;

/** Rules of model calls begin so. */
const RULE = "llm.";

export function useValue(): (plan: Plan, field: Field) => string {
  const plain = usePlain();
  const rule = useRule();
  return (plan, field) =>
    field.startsWith(RULE) ? rule(plan, field.slice(RULE.length) as Rule) : plain(plan, field as PlainField);
}

/** A rule in words; "None" where the plan has it not. */
function useRule(): (plan: Plan, rule: Rule) => string {
  const { t, i18n } = useTranslation(["operator", "common"]);
  const words = useLimitWords();
  return (plan, rule) => {
    const policy = policyOf(plan);
    const list = new Intl.ListFormat(i18n.language, { type: "unit", style: "long" });
    switch (rule) {
      case "limits":
      case "tenant_limits":
        return list.format(policy[rule].map(words.limit)) || t("common:none");
      case "concurrency":
        return policy.concurrency === null ? t("plans.policy.own_setting") : whole(policy.concurrency);
      case "fallback_models":
        return list.format(policy.fallback_models) || t("common:none");
      case "idle_heartbeat": {
        const idle = policy.idle_heartbeat;
        if (!idle) return t("plans.policy.idle.on");
        const count = idle.after_hours;
        return idle.model
          ? t("plans.policy.idle_then_model", { count, model: idle.model })
          : t("plans.policy.idle_then_canned", { count });
      }
      case "loop_after":
        return policy.loop_after === null
          ? t("plans.policy.loop_never")
          : t("plans.policy.loop_then", { count: policy.loop_after });
    }
  };
}

function usePlain(): (plan: Plan, field: PlainField) => string {
  const { t } = useTranslation(["operator", "common"]);
  return (plan, field) => {
    switch (field) {
      case "name":
        return plan.name;
      case "price_nano_usd":
        return t("plans.per_month", { price: price(plan.price_nano_usd) });
      case "tokens_per_month":
        return t("common:unit.tokens", { amount: compact(plan.tokens_per_month) });
      case "cpu_millis":
        return t("plans.cores", { count: plan.cpu_millis / 1000 });
      case "memory_mib":
        return bytes(plan.memory_mib * MIB);
      case "people":
        return whole(plan.people);
      case "instances":
        return whole(plan.instances);
      case "allowed_models":
        return plan.allowed_models.includes("*") ? t("plans.all_models") : plan.allowed_models.join(", ");
      case "default_model":
        return plan.default_model;
    }
  };
}

/** What is wrong with a field, for the field. */
export function useProblemWords(): (problem: Problem) => string {
  const { t } = useTranslation(["operator", "common"]);
  const words = useLimitWords();
  return ({ what, unit = "nano_usd" }) => {
    if (what === "twice") return t("common:limit.wrong.twice");
    return what === "model" ? t("plans.policy.choose_model") : words.wrong(unit, what);
  };
}
