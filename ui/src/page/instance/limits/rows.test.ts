import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import type { LimitView } from "~/api/types";
import type { Typed } from "~/feature/limit/read";
import { mistake, type Row } from "./rows";

beforeAll(() => i18next.init({ lng: "en" }));

const plan: LimitView = {
  scope: "instance",
  unit: "nano_usd",
  window: "day",
  amount: 1_000_000_000,
  spent: 0,
  held: 0,
  source: "plan",
  renews_at: "2026-11-22T00:00:00Z",
  editable: false,
};
const rows = (...typed: Typed[]): Row[] => typed.map((one, id) => ({ id, typed: one }));
const day = (amount: string): Typed => ({ unit: "nano_usd", window: "day", amount });

test("as much as the plan allows may be set, a nano-dollar more may not", () => {
  expect(mistake(rows(day("1")), 0, [plan])).toBeUndefined();
  expect(mistake(rows(day("1.000000001")), 0, [plan])).toEqual({ over: plan });
});

test("the second of a kind is refused, not the first", () => {
  const twice = rows(day("0.5"), day("0.25"));
  expect(mistake(twice, 0, [plan])).toBeUndefined();
  expect(mistake(twice, 1, [plan])).toEqual({ wrong: "twice" });
});

test.each([
  ["", "empty"],
  ["0", "zero"],
  ["much", "number"],
  ["0.0000000001", "places"],
])("%s is refused: %s", (amount, wrong) => expect(mistake(rows(day(amount)), 0, [plan])).toEqual({ wrong }));
