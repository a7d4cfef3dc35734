import { expect, test } from "vitest";
import type { Model, Provider } from "~/api/types";
import { allows, groups, search, unlisted } from "./catalogue";

const model = (id: string, name: string): Model => ({
  model: id,
  name,
  tier: "balanced",
  context_window: 1,
  max_tokens: 1,
});
const vendor = (id: string, platform_key: boolean, ...models: Model[]): Provider => ({
  id,
  name: id.toUpperCase(),
  api: "openai-completions",
  platform_key,
  models,
});

const all = [
  vendor("anthropic", false, model("anthropic/sonnet", "Sonnet"), model("anthropic/opus", "Opus")),
  vendor("openai", true, model("openai/mini", "Mini")),
  vendor("canned", false, model("canned/echo", "Canned answer")),
];
const everything = { allowed_models: ["*"] };
const ids = (found: ReturnType<typeof groups>) => found.flatMap(({ models }) => models.map((one) => one.model));

test("a star at the end of a rule matches the rest", () => {
  const plan = { allowed_models: ["openai/*", "anthropic/opus"] };
  expect(allows(plan, "openai/anything")).toBe(true);
  expect(allows(plan, "anthropic/opus")).toBe(true);
  expect(allows(plan, "anthropic/opus-2")).toBe(false);
});

test("offers what the plan allows, without a key of one's own first, and never the self-test", () => {
  expect(ids(groups(all, everything))).toEqual(["openai/mini", "anthropic/sonnet", "anthropic/opus"]);
  expect(ids(groups(all, { allowed_models: ["anthropic/opus"] }))).toEqual(["anthropic/opus"]);
});

test("every word of a search must be found, in the vendor or the model", () => {
  expect(ids(search(groups(all, everything), "anthropic OPUS"))).toEqual(["anthropic/opus"]);
  expect(search(groups(all, everything), "opus mini")).toEqual([]);
  expect(ids(search(groups(all, everything), "  "))).toHaveLength(3);
});

test("a model that no list names can be typed where the plan allows it", () => {
  expect(unlisted(all, everything, " openai/other/one ")).toBe("openai/other/one");
  expect(unlisted(all, everything, "openai/mini")).toBeUndefined();
  expect(unlisted(all, everything, "nobody/x")).toBeUndefined();
  expect(unlisted(all, everything, "openai/")).toBeUndefined();
  expect(unlisted(all, everything, "openai/a b")).toBeUndefined();
  expect(unlisted(all, { allowed_models: ["anthropic/*"] }, "openai/other")).toBeUndefined();
});
