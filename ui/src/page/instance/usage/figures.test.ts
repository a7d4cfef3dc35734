import { expect, test } from "vitest";
import { type Entry, lastDays, OTHERS, stack, summary } from "./figures";

const now = new Date("2026-11-21T12:00:00Z");
const entry = (day: string, series: string, tokens: number, cost = tokens): Entry => ({
  day,
  series,
  tokens,
  calls: 1,
  cost_nano_usd: cost,
});

test("the last days end today and are days in UTC", () => {
  expect(lastDays(3, new Date("2026-03-01T00:10:00Z"))).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
});

test("days without use are there, and entries of other days are left out", () => {
  const { rows } = stack(lastDays(3, now), [entry("2026-11-20", "a/x", 5), entry("2026-10-01", "a/x", 900)], "tokens");
  expect(rows.map(({ day, tokens }) => [day, tokens])).toEqual([
    ["2026-11-19", 0],
    ["2026-11-20", 5],
    ["2026-11-21", 0],
  ]);
});

test("five models have their names; of six the two smallest are the others, and nothing is lost", () => {
  const models = ["a", "b", "c", "d", "e", "f"].map((model, at) => entry("2026-11-21", `v/${model}`, 10 - at));
  expect(stack(lastDays(1, now), models.slice(0, 5), "tokens").series).not.toContain(OTHERS);
  const { series, rows } = stack(lastDays(1, now), models, "tokens");
  expect(series).toEqual(["v/a", "v/b", "v/c", "v/d", OTHERS]);
  expect(rows[0]?.parts).toEqual([10, 9, 8, 7, 11]);
});

test("the largest are judged in the unit that is shown", () => {
  const entries = [entry("2026-11-21", "v/cheap", 900, 1), entry("2026-11-21", "v/dear", 1, 900)];
  expect(stack(lastDays(1, now), entries, "money").series[0]).toBe("v/dear");
});

test("a given order is kept, whatever is the largest, and what does not occur has no colour", () => {
  const entries = [entry("2026-11-21", "retry", 900), entry("2026-11-21", "person", 1)];
  const { series, rows } = stack(lastDays(1, now), entries, "tokens", ["person", "cron", "retry"]);
  expect(series).toEqual(["person", "retry"]);
  expect(rows[0]?.parts).toEqual([1, 900]);
});

test("a chart is summed up by its whole and its highest day", () => {
  const chart = stack(lastDays(3, now), [entry("2026-11-19", "a", 4), entry("2026-11-20", "b", 9)], "tokens");
  expect(summary(chart, "tokens")).toMatchObject({ total: 13, most: { day: "2026-11-20" } });
  expect(summary(stack(lastDays(3, now), [], "tokens"), "tokens")).toEqual({ total: 0, most: undefined });
});
