import { expect, test } from "vitest";
import de from "~/text/de/instance.json";
import en from "~/text/en/instance.json";
import zh from "~/text/zh/instance.json";
import { OUTCOMES, type Outcome, reason } from "./outcome";

test.each([
  ["answered", 200, undefined],
  ["estimated", 200, undefined],
  ["client_left", 499, undefined],
  ["failed", 503, "vendor"],
  ["rate_limited", 429, "vendor"],
  ["refused_key", 401, "vendor"],
  ["failed", 598, "stopped"],
  ["estimated", 598, "stopped"],
  // Nothing came at all.
  ["failed", 0, undefined],
] as const)("%s with %d", (outcome, status, key) => expect(reason({ outcome, status })?.key).toBe(key));

test("every outcome has a word in every language", () => {
  for (const { calls } of [en, de, zh])
    for (const outcome of Object.keys(OUTCOMES) as Outcome[]) expect(calls.outcome[outcome]).toBeTruthy();
});
