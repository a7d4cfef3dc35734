// An agent in whom nothing is remarkable, for tests of what is.
import type { Health, Instance } from "~/api/types";

export const agent = (more: Partial<Instance> = {}): Instance => ({
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

export const health = (state: Health["state"], ...codes: string[]): Health => ({
  healthy: codes.length === 0,
  state,
  message: "",
  findings: codes.map((code) => ({ code, message: `about ${code}` })),
});
