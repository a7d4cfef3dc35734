import { describe, expect, test } from "vitest";
import { found, grouped, linkOf, type Price, unpriced, when } from "./prices";

const row = (more: Partial<Price>): Price => ({
  provider: "openai",
  model: "gpt-6",
  tier: "standard",
  from_input_tokens: 0,
  prices: { input_nano_usd: 1, output_nano_usd: 2 },
  source: "npm openclaw@2026.9.6",
  origin: "shipped",
  current: true,
  ...more,
});
const now = new Date("2026-11-21T12:00:00Z");
const future = row({ id: "prc_2", origin: "operator", current: false, valid_from: "2027-01-01T00:00:00Z" });
const mine = row({
  id: "prc_1",
  origin: "operator",
  valid_from: "2026-11-01T00:00:00Z",
  source: "https://a.example/p",
});
const old = row({ current: false });
const long = row({ from_input_tokens: 272_001 });
const flex = row({ tier: "flex" });
const other = row({ provider: "anthropic", model: "claude-x" });
const rows = [other, future, mine, old, long, flex];

test("prices of the same kind of call are one group with a history", () => {
  const groups = grouped(rows, now);
  expect(groups.map(({ model, tier, from, rows: all }) => [model, tier, from, all.length])).toEqual([
    ["claude-x", "standard", 0, 1],
    ["gpt-6", "standard", 0, 3],
    ["gpt-6", "standard", 272_001, 1],
    ["gpt-6", "flex", 0, 1],
  ]);
  expect(groups[1]).toMatchObject({ current: mine, next: future });
  expect(groups[2]?.next).toBeUndefined();
});

test("what holds, what will and what did", () => {
  expect([future, mine, old].map((one) => when(one, now))).toEqual(["coming", "now", "past"]);
});

describe("what is shown", () => {
  const vendor = (id: string) => ({ openai: "OpenAI", anthropic: "Anthropic" })[id] ?? id;
  const shown = (filter: Parameters<typeof found>[1]) =>
    found(grouped(rows, now), filter, vendor).map(({ key }) => key);
  test("all of it without a filter", () => expect(shown({})).toHaveLength(4));
  test("by vendor", () => expect(shown({ provider: "anthropic" })).toEqual(["anthropic/claude-x standard 0"]));
  test("by origin, also where only the history has it", () =>
    expect(shown({ origin: "operator" })).toEqual(["openai/gpt-6 standard 0"]));
  test("by words", () => {
    expect(shown({ q: "OPENAI flex" })).toEqual(["openai/gpt-6 flex 0"]);
    expect(shown({ q: "a.example" })).toEqual(["openai/gpt-6 standard 0"]);
    expect(shown({ q: "gpt claude" })).toEqual([]);
  });
});

test.each([
  ["https://openai.com/pricing", "https://openai.com/pricing"],
  [" http://a.example/x ", "http://a.example/x"],
  ["npm openclaw@2026.9.6", undefined],
  ["javascript:alert(1)", undefined],
  ["https://", undefined],
  ["see https://a.example", undefined],
])("a source %s is linked to %s", (source, link) => expect(linkOf(source)).toBe(link));

test("models that answered without a price are found, snapshots have that of their model", () => {
  const used = (model: string, tokens: number, cost_nano_usd = 0) => ({ model, tokens, cost_nano_usd });
  const all = [
    used("openai/gpt-6", 10),
    used("openai/gpt-6-2026-10-01", 10),
    used("anthropic/claude-x-20261001", 10),
    used("openai/new", 10),
    used("openai/nonsense", 0),
    used("openai/paid", 5, 7),
  ];
  expect(unpriced(all, rows).map(({ model }) => model)).toEqual(["openai/new"]);
});
