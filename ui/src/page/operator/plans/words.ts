// A plan's limits with their units.
import { useTranslation } from "react-i18next";
import type { Plan } from "~/api/types";
import { bytes, compact, price, whole } from "~/format/number";
import type { Field } from "./effects";

const MIB = 1024 * 1024;

export function useValue(): (plan: Plan, field: Field) => string {
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
