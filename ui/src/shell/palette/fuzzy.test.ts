import { describe, expect, test } from "vitest";
import { best, score } from "./fuzzy";
import { placeOf, withVisit } from "./recent";

test.each([
  ["Settings", "set"],
  ["API tokens", "tok"],
  ["Stop Ada", "ada stop"],
  ["Zoë", "zoe"],
  ["Settings", "stngs"],
  ["北斗", "北"],
  ["Anything", ""],
])("%s is found by %s", (text, query) => expect(score(text, query)).toBeGreaterThan(0));

test.each([
  ["Settings", "x"],
  ["Stop Ada", "start ada"],
  ["Usage", "eg"],
])("%s is not found by %s", (text, query) => expect(score(text, query)).toBe(0));

describe("order", () => {
  const labels = (query: string, ...lines: string[]) =>
    best(
      lines.map((label) => ({ label })),
      query,
    ).map(({ label }) => label);
  test("start before inside", () => expect(labels("us", "Status", "Usage")).toEqual(["Usage", "Status"]));
  test("whole name first", () => expect(labels("ada", "Ada Lovelace", "Ada")).toEqual(["Ada", "Ada Lovelace"]));
});

test("keywords count, a little less", () => {
  const lines = [{ label: "People", keywords: "users" }, { label: "Users" }];
  expect(best(lines, "users").map(({ label }) => label)).toEqual(["Users", "People"]);
});

test("recent places: newest first, none twice, six at most", () => {
  expect(withVisit(["/a", "/b"], "/b")).toEqual(["/b", "/a"]);
  expect(withVisit(["1", "2", "3", "4", "5", "6"], "7")).toEqual(["7", "1", "2", "3", "4", "5"]);
  expect(placeOf("/instances/ada/logs")).toBe("/instances/ada");
  expect(placeOf("/operator/audit")).toBe("/operator/audit");
});
