import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MAX_BYTES, MIN_CHARS, missing, strength } from "./strength";

test("the limits are those of the API", () => {
  const document = JSON.parse(readFileSync(new URL("../../../../../docs/openapi.json", import.meta.url), "utf8"));
  const { minLength, maxLength } = document.components.schemas.SignUp.properties.password;
  expect([MIN_CHARS, MAX_BYTES]).toEqual([minLength, maxLength]);
});

test("characters are counted as people see them", () => {
  expect(missing("")).toBe(10);
  expect(missing("🦞🦞🦞🦞🦞🦞🦞🦞🦞")).toBe(1);
});

test.each([
  ["ninechars", "short"],
  ["aaaaaaaaaaaaaaaa", "weak"],
  ["1234567890", "weak"],
  ["abcdefghijkl", "weak"],
  ["passwordpassword", "weak"],
  ["annabelle.smith1", "weak"],
  ["kdpwmzvxrt", "fair"],
  ["Kd7wm!vxr2", "good"],
  ["correct horse battery staple", "strong"],
  ["渔夫的篮子里有三条小鱼", "good"],
])("%s is %s", (password, words) => expect(strength(password, "annabelle.smith@example.org")).toBe(words));
