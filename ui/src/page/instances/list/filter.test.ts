import { expect, test } from "vitest";
import type { Instance } from "~/api/types";
import { agent as sample } from "../../instance/sample";
import { counts, inGroup, lastMessage, matching, sorted } from "./filter";

const agent = (slug: string, more: Partial<Instance> = {}) => sample({ id: `inst_${slug}`, slug, name: slug, ...more });
const slugs = (agents: Instance[]) => agents.map(({ slug }) => slug);

test("an agent that is being changed counts as working, whatever its state", () => {
  const restarting = agent("a", { operation: { id: "op", kind: "restart", status: "running" } });
  const finished = agent("b", { operation: { id: "op", kind: "restart", status: "succeeded" } });
  const all = [restarting, finished, agent("c", { state: "unknown" }), agent("d", { state: "stopped" })];
  expect(counts(all)).toEqual({ all: 4, running: 1, working: 1, stopped: 1, attention: 1 });
  expect(slugs(inGroup(all, "working"))).toEqual(["a"]);
});

test("every word is searched in name, address, model and bot", () => {
  const all = [
    agent("ada", { name: "Ada Lovelace" }),
    agent("bob", { telegram: { allow_from: [], bot_username: "Harbour" } }),
  ];
  expect(slugs(matching(all, "LOVE  sonnet"))).toEqual(["ada"]);
  expect(slugs(matching(all, "harbour"))).toEqual(["bob"]);
  expect(slugs(matching(all, "ada harbour"))).toEqual([]);
  expect(matching(all, "  ")).toBe(all);
});

test("numbers in names sort as numbers, and equal keys sort by name", () => {
  const all = [
    agent("agent-10"),
    agent("agent-9"),
    agent("agent-1", { month: { tokens: 5, limit: 9, cost_nano_usd: 5, renews_at: "" } }),
  ];
  expect(slugs(sorted(all, "name", false, "en"))).toEqual(["agent-1", "agent-9", "agent-10"]);
  expect(slugs(sorted(all, "name", true, "en"))).toEqual(["agent-10", "agent-9", "agent-1"]);
  expect(slugs(sorted(all, "spend", true, "en"))).toEqual(["agent-1", "agent-9", "agent-10"]);
});

test("the last message is the later of question and answer; who never had one comes last", () => {
  const silent = agent("a");
  const old = agent("b", {
    telegram: { allow_from: [], last_in_at: "2026-11-01T10:00:00Z", last_out_at: "2026-11-01T10:00:05Z" },
  });
  const fresh = agent("c", { telegram: { allow_from: [], last_in_at: "2026-11-02T10:00:00Z" } });
  expect(lastMessage(old)).toBe("2026-11-01T10:00:05Z");
  expect(slugs(sorted([silent, old, fresh], "message", true, "en"))).toEqual(["c", "b", "a"]);
});
