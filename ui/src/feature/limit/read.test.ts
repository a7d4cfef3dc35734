import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { freeKind, readAmount, readLimit, typedOf, UNITS, WINDOWS } from "./read";

beforeAll(() => i18next.init({ lng: "en" }));

test("dollars become nano-dollars, other things are counted whole", () => {
  const read = (unit: "nano_usd" | "tokens" | "calls", amount: string) => readLimit({ unit, window: "day", amount });
  expect(read("nano_usd", "1.01")).toEqual({ unit: "nano_usd", window: "day", amount: 1_010_000_000 });
  expect(read("tokens", "5,000,000")).toEqual({ unit: "tokens", window: "day", amount: 5_000_000 });
  expect(read("calls", "1.5")).toBeUndefined();
});

test("nothing at all is no limit", () => {
  expect(readAmount({ unit: "nano_usd", amount: "0.00" })).toBe("zero");
  expect(readAmount({ unit: "calls", amount: "0" })).toBe("zero");
  expect(readAmount({ unit: "calls", amount: " " })).toBe("empty");
});

test.each([
  { unit: "nano_usd", window: "month", amount: 1_234_567_891 },
  { unit: "tokens", window: "hour", amount: 50_000 },
] as const)("what is edited begins as it was: %o", (limit) => expect(readLimit(typedOf(limit))).toEqual(limit));

test("a new line begins with a kind that is free", () => {
  const taken: ReturnType<typeof freeKind>[] = [];
  for (let at = 0; at < UNITS.length * WINDOWS.length; at += 1) taken.push(freeKind(taken));
  expect(taken[0]).toEqual({ unit: "nano_usd", window: "month" });
  expect(new Set(taken.map(({ unit, window }) => unit + window)).size).toBe(12);
});
