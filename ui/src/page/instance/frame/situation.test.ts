import { expect, test } from "vitest";
import { agent, health as healthOf } from "../sample";
import { situation } from "./situation";

const health = (...codes: string[]) => healthOf("running", ...codes);

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
  ["loop_paused", "logs"],
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
