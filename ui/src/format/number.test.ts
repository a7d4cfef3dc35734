import i18next from "i18next";
import { beforeAll, describe, expect, test } from "vitest";
import { bytes, compact, duration, money, price, share } from "./number";

beforeAll(() => i18next.init({ lng: "en" }));

describe("money", () => {
  test.each([
    [0, "$0.00"],
    [1_500_000_000, "$1.50"],
    [12_345_678_900, "$12.35"],
    // Something is never shown as nothing.
    [1_234_567, "$0.0012"],
    [1, "$0.000000001"],
  ])("%d nano-dollars", (nano, text) => expect(money(nano)).toBe(text));

  test("whole prices have no decimals, others have two", () => {
    expect(price(9_000_000_000)).toBe("$9");
    expect(price(9_500_000_000)).toBe("$9.50");
  });
});

test.each([
  [950, "950"],
  [9_999, "9,999"],
  [1_234_567, "1.2M"],
])("%d tokens", (amount, text) => expect(compact(amount)).toBe(text));

test.each([
  [0, "0 byte"],
  [1536 * 1024 * 1024, "1.5 GB"],
  [200 * 1024 * 1024, "200 MB"],
])("%d bytes", (amount, text) => expect(bytes(amount)).toBe(text));

test.each([
  [340, "340 ms"],
  [1_240, "1.2 sec"],
  [42_000, "42 sec"],
  [125_000, "2 min 5 sec"],
  [7_500_000, "2 hr 5 min"],
])("%d ms", (amount, text) => expect(duration(amount)).toBe(text));

test("a share never passes its whole, and of nothing is nothing", () => {
  expect(share(5, 0)).toBe(0);
  expect(share(50, 200)).toBe(25);
  expect(share(300, 200)).toBe(100);
});
