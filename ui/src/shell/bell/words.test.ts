import { expect, test } from "vitest";
import type { Notification } from "~/api/types";
import { placeOf } from "./words";

const item = (more: Partial<Notification>): Notification => ({
  id: "1",
  at: "2026-11-21T12:00:00Z",
  kind: "budget_80",
  severity: "warning",
  instance: { slug: "ada", name: "Ada" },
  unread: true,
  ...more,
});
const budget = {
  scope: "instance",
  unit: "tokens",
  window: "month",
  amount: 10,
  percent: 80,
  renews_at: "2026-12-01T00:00:00Z",
} as const;

test.each([
  [item({ budget }), { to: "/instances/$slug/usage", params: { slug: "ada" } }],
  [item({ kind: "budget_50", budget }), { to: "/instances/$slug/usage", params: { slug: "ada" } }],
  [item({ instance: undefined, budget: { ...budget, scope: "tenant" } }), { to: "/usage" }],
  // An agent that was deleted since then.
  [item({ instance: undefined, budget }), undefined],
  [item({ kind: "loop_paused" }), { to: "/instances/$slug", params: { slug: "ada" } }],
  [item({ kind: "key_refused" }), { to: "/instances/$slug/model", params: { slug: "ada" } }],
])("%o leads to its remedy", (told, place) => expect(placeOf(told)).toEqual(place));
