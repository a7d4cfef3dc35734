import { expect, test } from "vitest";
import type { Health, Instance } from "~/api/types";
import { situation } from "./situation";

const agent = (more: Partial<Instance> = {}): Instance => ({
  id: "inst_a",
  slug: "ada",
  name: "Ada",
  model: "anthropic/claude-sonnet",
  plan: "start",
  state: "running",
  desired: "running",
  key_source: "platform",
  month: { tokens: 0, limit: 1, cost_nano_usd: 0, renews_at: "2026-12-01T00:00:00Z" },
  created_at: "2026-11-01T00:00:00Z",
  updated_at: "2026-11-01T00:00:00Z",
  ...more,
});
const health = (...codes: string[]): Health => ({
  healthy: codes.length === 0,
  state: "running",
  message: "",
  findings: codes.map((code) => ({ code, message: `about ${code}` })),
});

test("what is being done comes before every finding", () => {
  const busy = agent({ state: "error", cause: "crashed", operation: { id: "op", kind: "restart", status: "running" } });
  expect(situation(busy, health("no_channel"))).toMatchObject({ kind: "doing", what: "restart" });
});

test("an operation that has ended does not count as being done", () => {
  const done = agent({ operation: { id: "op", kind: "start", status: "failed" } });
  expect(situation(done, health())).toMatchObject({ kind: "answering" });
});

test.each([
  ["no_channel", "channels"],
  ["no_key", "model"],
  ["key_refused", "model"],
  ["budget_spent", "usage"],
])("%s is mended at %s", (code, fix) => {
  expect(situation(agent(), health(code))).toMatchObject({ kind: "finding", finding: code, fix });
});

test("a finding that we have no words for is told in the server's", () => {
  expect(situation(agent(), health("brand_new"))).toEqual({ kind: "words", tone: "warn", words: "about brand_new" });
});

test("the state itself is no finding: a stopped agent is told to be stopped", () => {
  expect(situation(agent({ state: "stopped" }), health("stopped"))).toMatchObject({ kind: "stopped", fix: "start" });
});

test("an error names its cause, and without one the server's words", () => {
  expect(situation(agent({ state: "error", cause: "out_of_memory" }), undefined)).toMatchObject({ fix: "settings" });
  expect(situation(agent({ state: "error", message: "Odd." }), undefined)).toMatchObject({
    words: "Odd.",
    fix: "restart",
  });
});
