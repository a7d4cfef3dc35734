import { expect, test } from "vitest";
import de from "~/text/de/instance.json";
import en from "~/text/en/instance.json";
import zh from "~/text/zh/instance.json";
import { isSaid, keyOf, readable, SAID } from "./sentence";

test.each([
  ["en", en],
  ["de", de],
  ["zh", zh],
])("every known action has both its sentences in %s", (_language, { activity }) => {
  for (const action of SAID) {
    expect(activity.did[keyOf(action)], action).toContain("{{who}}");
    expect(activity.you[keyOf(action)], action).not.toContain("{{who}}");
  }
});

test("an unknown action is readable and not mistaken for a known one", () => {
  expect(isSaid("instance.teleport")).toBe(false);
  expect(readable("instance.teleport_far..away")).toBe("instance teleport far away");
});
