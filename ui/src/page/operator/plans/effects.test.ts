import { expect, test } from "vitest";
import type { Plan } from "~/api/types";
import { effects } from "./effects";
import { fromForm, toForm } from "./form";

const plan: Plan = {
  id: "pro",
  name: "Pro",
  tokens_per_month: 5_000_000,
  cpu_millis: 1500,
  memory_mib: 2048,
  people: 1,
  instances: 3,
  allowed_models: ["anthropic/*"],
  default_model: "anthropic/claude-x",
  price_nano_usd: 29_500_000_000,
};

test("what is the same changes nothing", () => {
  expect(effects(plan, { ...plan, allowed_models: ["anthropic/*"] })).toEqual([]);
});

test("what holds at once comes first", () => {
  const after = { ...plan, name: "Pro+", instances: 5, memory_mib: 4096, tokens_per_month: 1 };
  expect(effects(plan, after)).toEqual([
    { field: "tokens_per_month", when: "now" },
    { field: "memory_mib", when: "start" },
    { field: "instances", when: "new" },
    { field: "name", when: "shown" },
  ]);
});

test("a form gives back the plan it was made of", () => {
  expect(fromForm(plan.id, toForm(plan))).toEqual(plan);
});

test("cents and parts of cores survive, an empty field is nothing", () => {
  const form = { ...toForm(plan), price: 0.29, cores: 0.35, people: "" };
  expect(fromForm("pro", form)).toMatchObject({ price_nano_usd: 290_000_000, cpu_millis: 350, people: 0 });
});

test("each rule of model calls is told by itself", () => {
  const limit = { unit: "nano_usd", window: "day", amount: 5 } as const;
  const llm = {
    limits: [limit],
    tenant_limits: [],
    concurrency: null,
    fallback_models: [],
    idle_heartbeat: null,
    loop_after: 12,
  };
  expect(effects(plan, { ...plan, llm, name: "Pro+" })).toEqual([
    { field: "llm.limits", when: "now" },
    { field: "llm.loop_after", when: "now" },
    { field: "name", when: "shown" },
  ]);
  // The same, however the API orders it.
  const again = { ...llm, limits: [{ amount: 5, window: "day", unit: "nano_usd" } as const] };
  expect(effects({ ...plan, llm }, { ...plan, llm: again })).toEqual([]);
});
