// What an edited plan changes, and from when it holds for those who are on it.
import type { Plan } from "~/api/types";

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
} as const satisfies Record<Exclude<keyof Plan, "id">, When>;

export type Field = keyof typeof WHEN;
export interface Effect {
  field: Field;
  when: When;
}

const ORDER: Record<When, number> = { now: 0, start: 1, new: 2, shown: 3 };

/** The changed fields, those that hold at once first. */
export function effects(before: Plan, after: Plan): Effect[] {
  return (Object.keys(WHEN) as Field[])
    .filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map((field) => ({ field, when: WHEN[field] }))
    .sort((a, b) => ORDER[a.when] - ORDER[b.when]);
}
