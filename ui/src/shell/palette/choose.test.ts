import { expect, test } from "vitest";
import { choose } from "./choose";
import type { Command, Group } from "./commands";

const command = (id: string, group: Group, label: string): Command => ({
  id,
  group,
  label,
  icon: () => null,
  run: () => undefined,
});
const ALL = [
  command("new", "actions", "New agent"),
  command("/usage", "pages", "Usage"),
  command("/operator/audit", "operator", "Audit log"),
  command("/instances/ada", "agents", "Ada"),
  command("stop:ada", "actions", "Stop Ada"),
];
const shape = (query: string, recent: string[] = []) =>
  choose(ALL, recent, query).map(({ group, commands }) => [group, ...commands.map(({ label }) => label)]);

test("without words: recent places first, no agents and nothing to stop", () => {
  expect(shape("", ["/instances/ada", "/gone"])).toEqual([
    ["recent", "Ada"],
    ["actions", "New agent"],
    ["pages", "Usage"],
    ["operator", "Audit log"],
  ]);
});

test("a name brings the agent and what can be done with it", () => {
  expect(shape("ada")).toEqual([
    ["agents", "Ada"],
    ["actions", "Stop Ada"],
  ]);
});

test("a verb comes first when it fits better", () => {
  expect(shape("stop ada")[0]).toEqual(["actions", "Stop Ada"]);
});

test("nothing fits", () => expect(shape("zzz")).toEqual([]));
