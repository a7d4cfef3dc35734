import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import common from "~/text/en/common.json";
import { exportPath } from "./audit";
import { facts } from "./detail";

beforeAll(() => i18next.init({ lng: "en", resources: { en: { common } } }));

test("names and values, also of what is nested and of lists", () => {
  expect(facts({ plan: "pro", model: null, limits: { people: 3, models: ["a/*", "b"] }, ok: true })).toEqual([
    { name: "plan", value: "pro" },
    { name: "limits.people", value: "3" },
    { name: "limits.models", value: "a/*, b" },
    { name: "ok", value: "true" },
  ]);
});

test("limits are sentences, and no blob is shown as it is stored", () => {
  const limits = [
    { unit: "nano_usd", window: "day", amount: 1_500_000_000 },
    { unit: "calls", window: "minute", amount: 1 },
  ];
  expect(facts({ limits, other: [{ a: 1, b: { c: "x" } }] })).toEqual([
    { name: "limits", value: "$1.50 a day, 1 call a minute" },
    { name: "other", value: "a 1, b c x" },
  ]);
  expect(facts({ limits: [] })).toEqual([{ name: "limits", value: "" }]);
});

test("before and after, without what stayed the same", () => {
  expect(facts({ before: { plan: "starter", model: "x" }, after: { plan: "pro", model: "x" }, by: "ann" })).toEqual([
    { name: "plan", before: "starter", after: "pro" },
    { name: "by", value: "ann" },
  ]);
  expect(facts({ name: { before: "Ada", after: "Eva" } })).toEqual([{ name: "name", before: "Ada", after: "Eva" }]);
});

test("nothing to say", () => {
  expect(facts({})).toEqual([]);
  expect(facts(undefined)).toEqual([]);
});

test("the file has the filters of the list", () => {
  expect(exportPath("csv", { q: "a&b", action: "plan.put", from: undefined })).toBe(
    "/api/v1/audit/export?format=csv&q=a%26b&action=plan.put",
  );
});
