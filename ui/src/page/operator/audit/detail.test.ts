import { expect, test } from "vitest";
import { exportPath } from "./audit";
import { facts } from "./detail";

test("names and values, also of what is nested and of lists", () => {
  expect(facts({ plan: "pro", model: null, limits: { people: 3, models: ["a/*", "b"] }, ok: true })).toEqual([
    { name: "plan", value: "pro" },
    { name: "limits.people", value: "3" },
    { name: "limits.models", value: "a/*, b" },
    { name: "ok", value: "true" },
  ]);
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
