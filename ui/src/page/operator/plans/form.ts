// A plan as people write it: dollars and cores, where the API has nano-dollars and thousandths.
import type { Plan } from "~/api/types";
import { fromPolicyForm, POLICY_FIELDS, type PolicyForm, toPolicyForm } from "./policy";

export interface PlanForm extends PolicyForm, Record<string, unknown> {
  name: string;
  price: number | string;
  tokens_per_month: number | string;
  cores: number | string;
  memory_mib: number | string;
  people: number | string;
  instances: number | string;
  allowed_models: string[];
  default_model: string;
}

/** The API's names of fields that people write in another unit. */
export const FIELDS = { price_nano_usd: "price", cpu_millis: "cores", ...POLICY_FIELDS };

const CENTS_NANO = 10_000_000;

export const toForm = (plan: Plan): PlanForm => ({
  name: plan.name,
  price: plan.price_nano_usd / 1_000_000_000,
  tokens_per_month: plan.tokens_per_month,
  cores: plan.cpu_millis / 1000,
  memory_mib: plan.memory_mib,
  people: plan.people,
  instances: plan.instances,
  allowed_models: plan.allowed_models,
  default_model: plan.default_model,
  ...toPolicyForm(plan),
});

/** What was left empty is nothing, which the API then refuses by its name. */
export const fromForm = (id: string, form: PlanForm): Plan => ({
  id,
  name: form.name.trim(),
  price_nano_usd: Math.round(Number(form.price) * 100) * CENTS_NANO,
  tokens_per_month: Math.round(Number(form.tokens_per_month)),
  cpu_millis: Math.round(Number(form.cores) * 1000),
  memory_mib: Math.round(Number(form.memory_mib)),
  people: Math.round(Number(form.people)),
  instances: Math.round(Number(form.instances)),
  allowed_models: form.allowed_models,
  default_model: form.default_model.trim(),
  llm: fromPolicyForm(form),
});
