// What an edited plan changes, and from when it holds for those who are on it.
import type { Plan } from "~/api/types";
import { policyOf, RULES, type Rule } from "./policy";

/** `now`: the next call or message. `start`: each agent's next start. `new`: only agents made from now on. `shown`: what visitors read. */
export type When = "now" | "start" | "new" | "shown";

const WHEN = {
  name: "shown",
  price_nano_usd: "shown",
  tokens_per_month: "now",
  people: "now",
  allowed_models: "now",
  cpu_millis: "start",
  memory_mib: "start",
  instances: "new",
  default_model: "new",
} as const satisfies Record<Exclude<keyof Plan, "id" | "llm">, When>;

/** Rules of model calls hold from the next call on. */
const POLICY: When = "now";

export type PlainField = keyof typeof WHEN;
export type Field = PlainField | `llm.${Rule}`;
export interface Effect {
  field: Field;
  when: When;
}

const ORDER: Record<When, number> = { now: 0, start: 1, new: 2, shown: 3 };

/** The changed fields, those that hold at once first. */
export function effects(before: Plan, after: Plan): Effect[] {
  const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  const [was, becomes] = [policyOf(before), policyOf(after)];
  const plain = (Object.keys(WHEN) as PlainField[])
    .filter((field) => differs(before[field], after[field]))
    .map((field): Effect => ({ field, when: WHEN[field] }));
  const rules = RULES.filter((rule) => differs(was[rule], becomes[rule]));
  return [...plain, ...rules.map((rule): Effect => ({ field: `llm.${rule}`, when: POLICY }))].sort(
    (a, b) => ORDER[a.when] - ORDER[b.when],
  );
}
