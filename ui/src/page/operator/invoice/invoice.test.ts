import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { amount, isOff, ordered, ppm, type Row, signed } from "./invoice";

beforeAll(() => i18next.init({ lng: "en" }));

const row = (day: string, model: string, invoice: number, ledger: number): Row => ({
  day,
  model,
  invoice_nano_usd: invoice,
  ledger_nano_usd: ledger,
  drift_nano_usd: ledger - invoice,
});

test("a thousandth is no drift worth a look, more is", () => {
  expect(isOff(row("2026-11-01", "m", 1_000_000, 1_001_000))).toBe(false);
  expect(isOff(row("2026-11-01", "m", 1_000_000, 1_001_001))).toBe(true);
  expect(isOff(row("2026-11-01", "m", 1_000_000, 998_000))).toBe(true);
});

test("something against nothing is all of it", () => {
  expect(ppm(row("2026-11-01", "m", 0, 5))).toBe(1_000_000);
  expect(ppm(row("2026-11-01", "m", 0, 0))).toBe(0);
  expect(ppm(row("2026-11-01", "m", -10, 0))).toBe(1_000_000);
});

test.each([
  [1_500_000_000, "$1.50", "+$1.50"],
  [-1_500_000_000, "−$1.50", "−$1.50"],
  [0, "$0.00", "$0.00"],
  // Something is never shown as nothing, on either side.
  [-1_200, "−$0.0000012", "−$0.0000012"],
])("%d", (nano, plain, withSign) => expect([amount(nano), signed(nano)]).toEqual([plain, withSign]));

test("drift is ordered by its size, whichever side it is on", () => {
  const rows = [row("2026-11-01", "a", 10, 11), row("2026-11-02", "a", 10, 5), row("2026-11-02", "b", 10, 10)];
  expect(ordered(rows, { by: "drift", descending: true }).map((one) => one.drift_nano_usd)).toEqual([-5, 1, 0]);
  expect(ordered(rows, { by: "day", descending: true }).map((one) => one.day + one.model)).toEqual([
    "2026-11-02a",
    "2026-11-02b",
    "2026-11-01a",
  ]);
});
