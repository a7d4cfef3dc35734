import { expect, test } from "vitest";
import type { Health, Instance } from "~/api/types";
import { checks } from "./checks";

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
const health = (state: Health["state"], ...codes: string[]): Health => ({
  healthy: codes.length === 0,
  state,
  message: "",
  findings: codes.map((code) => ({ code, message: "" })),
});

test("all is well when nothing was found", () => {
  expect(checks(agent(), health("running")).map(({ status }) => status)).toEqual(["good", "good", "good", "good"]);
});

test("several findings stand at their own links, each with its way out", () => {
  const found = checks(agent({ state: "stopped" }), health("stopped", "stopped", "no_channel", "budget_spent"));
  expect(found).toMatchObject([
    { link: "on", status: "bad", fix: "start" },
    { link: "channel", status: "bad", fix: "channels" },
    { link: "key", status: "good" },
    { link: "budget", status: "bad", fix: "usage" },
  ]);
});

test("an agent on its way up is neither well nor broken", () => {
  expect(checks(agent({ state: "starting" }), health("starting", "starting"))[0]).toEqual({
    link: "on",
    status: "unknown",
    fix: undefined,
  });
});

test("an error carries its cause", () => {
  const found = checks(agent({ state: "error", cause: "crashed" }), health("error", "error"));
  expect(found[0]).toMatchObject({ status: "bad", cause: "crashed", fix: "logs" });
});
