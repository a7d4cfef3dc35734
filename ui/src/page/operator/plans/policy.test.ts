import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { fromPolicyForm, type Policy, policyOf, problems, toPolicyForm } from "./policy";

beforeAll(() => i18next.init({ lng: "en" }));

const policy: Policy = {
  limits: [{ unit: "nano_usd", window: "day", amount: 1_500_000_001 }],
  tenant_limits: [{ unit: "calls", window: "minute", amount: 60 }],
  concurrency: 4,
  fallback_models: ["openai/gpt-6-mini", "openai/gpt-5.4"],
  idle_heartbeat: { after_hours: 24, model: "openai/gpt-6-mini" },
  loop_after: 12,
};

test("a form gives back the policy it was made of", () => {
  expect(fromPolicyForm(toPolicyForm({ llm: policy }))).toEqual(policy);
});

test("no policy, an empty one and one of defaults are the same nothing", () => {
  expect(fromPolicyForm(toPolicyForm({}))).toBeUndefined();
  const empty = { limits: [], tenant_limits: [], fallback_models: [] } as unknown as Policy;
  expect(policyOf({ llm: empty })).toEqual(policyOf({}));
  expect(fromPolicyForm(toPolicyForm({ llm: empty }))).toBeUndefined();
});

test("answered by Creel means without a model, whatever was typed before", () => {
  const form = { ...toPolicyForm({ llm: policy }), idle: "canned" as const };
  expect(fromPolicyForm(form)?.idle_heartbeat).toEqual({ after_hours: 24 });
});

test("rules are off where their switch is", () => {
  const form = { ...toPolicyForm({ llm: policy }), loop: false, idle: "on" as const, concurrency: "" };
  expect(fromPolicyForm(form)).toMatchObject({ loop_after: null, idle_heartbeat: null, concurrency: null });
});

test("each line of limits is judged by itself", () => {
  const form = toPolicyForm({});
  const day = { unit: "nano_usd", window: "day" } as const;
  form.limits = [
    { ...day, amount: "1.00" },
    { ...day, amount: "2" },
    { unit: "tokens", window: "day", amount: "1.5" },
  ];
  form.tenant_limits = [{ ...day, amount: "" }];
  const found = () => problems(form).map(({ path, what }) => [path, what]);
  expect(found()).toEqual([
    ["limits.1", "twice"],
    ["limits.2", "places"],
    ["tenant_limits.0", "empty"],
  ]);
  form.idle = "model";
  expect(found().at(-1)).toEqual(["idle_model", "model"]);
});
