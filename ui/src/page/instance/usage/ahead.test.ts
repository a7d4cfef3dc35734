import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import type { LimitView } from "~/api/types";
import en from "~/text/en/instance.json";
import { ahead } from "./ahead";

beforeAll(() => i18next.init({ lng: "en", ns: ["instance"], resources: { en: { instance: en } } }));

const month: LimitView = {
  scope: "instance",
  unit: "nano_usd",
  window: "month",
  amount: 100,
  spent: 10,
  held: 0,
  source: "plan",
  renews_at: "2026-12-01T00:00:00Z",
  editable: false,
};
const forecast = { tokens: 5, cost_nano_usd: 90, basis_days: 7 };

test("without a forecast nothing is promised", () => expect(ahead(undefined, [month])).toEqual({ kind: "none" }));

test("within its limits it says on what it rests", () =>
  expect(ahead(forecast, [month])).toEqual({ kind: "basis", cost: 90, days: 7 }));

test("what would pass a limit names the limit", () =>
  expect(ahead({ ...forecast, cost_nano_usd: 101 }, [month])).toEqual({ kind: "over", cost: 101, limit: month }));

test.each([
  [1, "if it goes on like today"],
  [7, "if it goes on like the last 7 days"],
])("%d days in words", (count, words) => expect(i18next.t("instance:usage.forecast_basis", { count })).toBe(words));
