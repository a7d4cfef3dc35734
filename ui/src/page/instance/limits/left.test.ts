import { expect, test } from "vitest";
import type { LimitView } from "~/api/types";
import { inOrder, narrower, own, reachedBefore, tightest } from "./left";

const limit = (more: Partial<LimitView> = {}): LimitView => ({
  scope: "instance",
  unit: "tokens",
  window: "month",
  amount: 1000,
  spent: 0,
  held: 0,
  source: "plan",
  renews_at: "2026-12-01T00:00:00Z",
  editable: false,
  ...more,
});

test("the tightest is the one nearest to its end; a minute is not counted", () => {
  const day = limit({ unit: "nano_usd", window: "day", amount: 100, spent: 60 });
  const minute = limit({ unit: "calls", window: "minute", amount: 1, spent: undefined });
  expect(tightest([limit({ spent: 500 }), day, minute])).toBe(day);
  expect(tightest([minute])).toBeUndefined();
  expect(tightest([])).toBeUndefined();
});

test("of unused limits the month's own is shown", () => {
  const month = limit();
  expect(tightest([limit({ scope: "tenant" }), limit({ window: "hour" }), month])).toBe(month);
});

test("limits stand in the same order at every look", () => {
  const all = [
    limit({ scope: "tenant" }),
    limit({ window: "minute" }),
    limit({ window: "day", amount: 2 }),
    limit({ window: "day", amount: 1 }),
    limit({ unit: "nano_usd" }),
    limit(),
  ];
  const told = ({ scope, unit, window, amount }: LimitView) => [scope, window, unit, amount].join(" ");
  expect(inOrder(all).map(told)).toEqual([
    "instance month nano_usd 1000",
    "instance month tokens 1000",
    "instance day tokens 1",
    "instance day tokens 2",
    "instance minute tokens 1000",
    "tenant month tokens 1000",
  ]);
});

test("the forecast is held against limits of the month in its own unit", () => {
  const money = limit({ unit: "nano_usd", amount: 50 });
  const limits = [limit(), money, limit({ window: "day", amount: 1 }), limit({ unit: "calls", amount: 1 })];
  expect(reachedBefore(limits, { tokens: 1000, cost_nano_usd: 50 })).toBeUndefined();
  expect(reachedBefore(limits, { tokens: 1100, cost_nano_usd: 500 })).toBe(money);
});

test("a cap may be as wide as the plan's and the operator's, not wider; other kinds are free", () => {
  const plan = limit({ unit: "nano_usd", window: "day", amount: 5 });
  const operator = limit({ unit: "nano_usd", window: "day", amount: 2, source: "operator", scope: "tenant" });
  const limits = [plan, operator, limit({ unit: "nano_usd", window: "day", amount: 1, source: "owner" })];
  expect(narrower(limits, { unit: "nano_usd", window: "day", amount: 3 })).toBe(operator);
  expect(narrower(limits, { unit: "nano_usd", window: "day", amount: 2 })).toBeUndefined();
  expect(narrower(limits, { unit: "nano_usd", window: "hour", amount: 99 })).toBeUndefined();
  expect(own(limits).map(({ amount }) => amount)).toEqual([1]);
});
