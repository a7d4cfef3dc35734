import { expect, test } from "vitest";
import type { Limit } from "~/feature/limit/read";
import { groups, type OperatorLimit, withLimit, without } from "./limits";

const day: Limit = { unit: "nano_usd", window: "day", amount: 1 };
const month: Limit = { unit: "nano_usd", window: "month", amount: 10 };
const calls: Limit = { unit: "calls", window: "hour", amount: 100 };

test("a limit of the same kind is replaced where it stands, another one is added", () => {
  expect(withLimit([day, month], { ...day, amount: 2 })).toEqual([{ ...day, amount: 2 }, month]);
  expect(withLimit([day], calls)).toEqual([day, calls]);
  expect(withLimit([], day)).toEqual([day]);
});

test("one that is edited into another kind leaves nothing behind", () => {
  expect(withLimit([day, month], calls, day)).toEqual([calls, month]);
  expect(withLimit([day, month, calls], { ...month, amount: 5 }, day)).toEqual([{ ...month, amount: 5 }, calls]);
  // Somebody else removed it meanwhile.
  expect(withLimit([month], { ...day, amount: 2 }, day)).toEqual([month, { ...day, amount: 2 }]);
});

test("removing takes only that kind", () => expect(without([day, month, calls], month)).toEqual([day, calls]));

test("tenants and keys apart, by name", () => {
  const of = (scope: string, name: string, limit: Limit): OperatorLimit => ({
    ...limit,
    scope,
    name,
    held: 0,
    renews_at: "2026-12-01T00:00:00Z",
    changed_at: "2026-11-01T00:00:00Z",
  });
  const all = [
    of("ten_2", "zoe", day),
    of("key_openai", "OpenAI", day),
    of("ten_1", "Ann", day),
    of("ten_2", "zoe", calls),
  ];
  expect(groups(all, "tenant", "en").map(({ name, limits }) => [name, limits.length])).toEqual([
    ["Ann", 1],
    ["zoe", 2],
  ]);
  expect(groups(all, "key", "en").map(({ scope }) => scope)).toEqual(["key_openai"]);
});
