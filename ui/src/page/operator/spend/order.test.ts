import { expect, test } from "vitest";
import { found, type Key, onPlatform, ordered, pressed } from "./order";

const row = (owner: string, cost: number, own = 0, calls = 1) => ({
  tenant_id: `ten_${owner}`,
  name: `Tenant of ${owner}`,
  owner,
  calls,
  tokens: calls * 10,
  cost_nano_usd: cost,
  own_key_cost_nano_usd: own,
});
const rows = [row("ben", 5, 5, 9), row("Ada", 20, 19), row("cleo", 10)];
const names = (by: Key, descending: boolean) => ordered(rows, { by, descending }, "en").map(({ owner }) => owner);

test("figures and names order both ways", () => {
  expect(names("cost", true)).toEqual(["Ada", "cleo", "ben"]);
  expect(names("own", true)).toEqual(["Ada", "ben", "cleo"]);
  expect(names("platform", true)).toEqual(["cleo", "Ada", "ben"]);
  expect(names("calls", false)).toEqual(["Ada", "cleo", "ben"]);
  expect(names("tenant", false)).toEqual(["Ada", "ben", "cleo"]);
});

test("what own keys paid is no cost of the platform", () => expect(rows.map(onPlatform)).toEqual([0, 1, 10]));

test("pressing a column again turns it around", () => {
  const first = pressed({ by: "cost", descending: true }, "tenant");
  expect(first).toEqual({ by: "tenant", descending: false });
  expect(pressed(first, "tenant")).toEqual({ by: "tenant", descending: true });
  expect(pressed(first, "own")).toEqual({ by: "own", descending: true });
});

test("every word must be found", () => {
  expect(found(rows, " ADA tenant ")).toEqual([rows[1]]);
  expect(found(rows, "ada ben")).toEqual([]);
  expect(found(rows, "")).toBe(rows);
});
