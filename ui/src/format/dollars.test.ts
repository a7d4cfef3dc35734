import i18next from "i18next";
import { beforeAll, describe, expect, test } from "vitest";
import { dollars, dollarsOf, nanoOf, wholeOf } from "./dollars";

describe("in English", () => {
  beforeAll(() => i18next.init({ lng: "en" }));

  test.each([
    ["1", 1_000_000_000],
    ["$12.50", 12_500_000_000],
    [" 0.1 ", 100_000_000],
    [".5", 500_000_000],
    ["5.", 5_000_000_000],
    ["0", 0],
    // 0.29 × 10⁹ as a floating-point number is 290000000.00000006.
    ["0.29", 290_000_000],
    ["1.000000001", 1_000_000_001],
    ["0.000000001", 1],
    ["4503599.627370497", 4_503_599_627_370_497],
    ["1.0000000000", 1_000_000_000],
    ["1,000", 1_000_000_000_000],
    ["1.000", 1_000_000_000],
    ["0.125", 125_000_000],
    ["0,125", 125_000_000],
    ["12,5", 12_500_000_000],
    ["1,234.5", 1_234_500_000_000],
    ["1.234,5", 1_234_500_000_000],
    ["1 000 000", 1_000_000_000_000_000],
    ["1,000,000", 1_000_000_000_000_000],
  ])("%s is %d nano-dollars", (text, nano) => expect(nanoOf(text)).toBe(nano));

  test.each([
    ["", "empty"],
    ["  ", "empty"],
    ["twelve", "number"],
    ["-1", "number"],
    ["1e3", "number"],
    ["1.2.3", "number"],
    ["1,2,3", "number"],
    ["1,23.4,5", "number"],
    [".", "number"],
    ["$", "number"],
    ["1.0000000001", "places"],
    ["9007199.254740992", "much"],
    ["99999999999999999999", "much"],
  ])("%s is refused: %s", (text, problem) => expect(nanoOf(text)).toBe(problem));

  test.each([
    ["5,000,000", 5_000_000],
    ["1,000", 1000],
    ["250", 250],
    ["3.0", 3],
    ["1.5", "places"],
    ["a", "number"],
  ])("%s as a whole number", (text, value) => expect(wholeOf(text)).toBe(value));

  test.each([0, 1, 290_000_000, 1_500_000_000, 12_000_000_000, 1_000_000_001, Number.MAX_SAFE_INTEGER])(
    "%d comes back as it was",
    (nano) => expect(nanoOf(dollarsOf(nano))).toBe(nano),
  );

  test.each([
    [1_000_000_000, "$1.00"],
    [37_500_000, "$0.0375"],
    [1, "$0.000000001"],
    [0, "$0.00"],
    [9_007_199_254_740_991, "$9,007,199.254740991"],
    [-1_500_000_000, "-$1.50"],
  ])("%d is shown with every digit", (nano, text) => expect(dollars(nano)).toBe(text));

  test("the text has no more digits than it needs", () => {
    expect([0, 1_000_000_000, 1_250_000_000, 1].map(dollarsOf)).toEqual(["0", "1", "1.25", "0.000000001"]);
  });
});

describe("in German", () => {
  beforeAll(() => i18next.init({ lng: "de" }));

  test.each([
    ["12,50", 12_500_000_000],
    ["1.000", 1_000_000_000_000],
    ["1,000", 1_000_000_000],
    ["0.125", 125_000_000],
    ["1.234,5", 1_234_500_000_000],
  ])("%s is %d nano-dollars", (text, nano) => expect(nanoOf(text)).toBe(nano));

  test.each([1, 2_125_000_000, 1_500_000_000])("%d comes back as it was", (nano) =>
    expect(nanoOf(dollarsOf(nano))).toBe(nano),
  );
});
