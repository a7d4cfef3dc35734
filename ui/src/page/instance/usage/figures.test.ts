import { expect, test } from "vitest";
import { forecast, lastDays, OTHERS, stack } from "./figures";

const now = new Date("2026-11-21T12:00:00Z");
const entry = (day: string, model: string, tokens: number, cost = tokens) => ({
  day,
  model,
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

test("the forecast adds the mean of seven complete days for every day left", () => {
  const days = lastDays(8, now).map((day) => entry(day, "v/a", 70));
  // Today's part does not lower the mean: 9.5 days are left until December.
  days[7] = entry("2026-11-21", "v/a", 1);
  const month = { tokens: 1000, calls: 1, cost_nano_usd: 0 };
  expect(forecast(month, new Date("2026-12-01T00:00:00Z"), days, "tokens", now)).toBeCloseTo(1000 + 70 * 9.5);
});

test("two days are too few to tell", () => {
  const days = [entry("2026-11-19", "v/a", 70), entry("2026-11-20", "v/a", 70)];
  const month = { tokens: 140, calls: 2, cost_nano_usd: 0 };
  expect(forecast(month, new Date("2026-12-01T00:00:00Z"), days, "tokens", now)).toBeUndefined();
  expect(forecast(month, new Date("2026-12-01T00:00:00Z"), [], "tokens", now)).toBeUndefined();
});
