import { expect, test } from "vitest";
import type { Notification } from "~/api/types";
import { arrived } from "./arrived";

const item = (id: string, more: Partial<Notification> = {}): Notification => ({
  id,
  at: "2026-11-21T12:00:00Z",
  kind: "operation_succeeded",
  severity: "success",
  instance: { slug: "ada", name: "Ada" },
  operation_kind: "start",
  unread: true,
  ...more,
});
const ids = (items: Notification[]) => items.map(({ id }) => id);

test("what was there at the first look is not announced", () => {
  expect(arrived([item("1")], undefined, "/instances")).toEqual([]);
});

test("only what is new, unread and the end of a change is announced", () => {
  const now = [item("4", { kind: "budget_80" }), item("3", { unread: false }), item("2"), item("1")];
  expect(ids(arrived(now, new Set(["1"]), "/instances"))).toEqual(["2"]);
});

test.each([
  ["/instances/ada", []],
  ["/instances/ada/logs", []],
  ["/instances/adam", ["2"]],
  ["/operator", ["2"]],
])("on %s", (path, told) => expect(ids(arrived([item("2")], new Set(), path))).toEqual(told));

test("many at once are cut", () => {
  expect(
    arrived(
      ["1", "2", "3", "4", "5"].map((id) => item(id)),
      new Set(),
      "/",
    ),
  ).toHaveLength(3);
});
