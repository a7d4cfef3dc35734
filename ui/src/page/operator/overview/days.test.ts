import { expect, test } from "vitest";
import { lastDays } from "./days";

test("the last days up to today in UTC, with nothing where nothing was", () => {
  const spent = { day: "2026-11-20", tokens: 5, calls: 1, cost_nano_usd: 7 };
  const old = { ...spent, day: "2026-10-01" };
  expect(lastDays([old, spent], 3, new Date("2026-11-21T23:30:00Z"))).toEqual([
    { day: "2026-11-19", tokens: 0, calls: 0, cost_nano_usd: 0 },
    spent,
    { day: "2026-11-21", tokens: 0, calls: 0, cost_nano_usd: 0 },
  ]);
});
