import { expect, test } from "vitest";
import { byOwner, type Upstream, worst } from "./upstreams";

const key = (more: Partial<Upstream>): Upstream => ({
  provider: "openai",
  key_last4: "abcd",
  owned_by: "platform",
  state: "closed",
  calls: 0,
  failures: 0,
  ...more,
});

test("the platform's keys come first, and those in trouble before the others", () => {
  const groups = byOwner([
    key({ owned_by: "tenant", key_last4: "mine" }),
    key({ provider: "anthropic" }),
    key({ state: "open", provider: "xai" }),
    key({ state: "half_open" }),
  ]);
  expect(groups.map(({ owner, keys }) => [owner, keys.map((one) => one.key.provider)])).toEqual([
    ["platform", ["xai", "openai", "anthropic"]],
    ["tenant", ["openai"]],
  ]);
});

test("keys that look alike stay apart", () => {
  const ids = byOwner([key({}), key({}), key({ key_last4: undefined })]).flatMap((group) =>
    group.keys.map(({ id }) => id),
  );
  expect(new Set(ids).size).toBe(3);
});

test("the whole is as well as its worst key", () => {
  expect(worst([])).toBe("closed");
  expect(worst([key({}), key({ state: "half_open" })])).toBe("half_open");
  expect(worst([key({ state: "open" }), key({ state: "half_open" })])).toBe("open");
});
