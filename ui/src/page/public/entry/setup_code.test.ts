import { expect, test } from "vitest";
import { codeOf } from "./setup_code";

test("a code is taken from the fragment", () =>
  expect(codeOf("#code=3113b4fcb9a6ff7a610be954")).toBe("3113b4fcb9a6ff7a610be954"));

test.each(["", "#", "#code=", "#code=short", "#code=<b>hello</b>world", `#code=${"a".repeat(129)}`, "#3113b4fcb9a6"])(
  "%s holds none",
  (fragment) => expect(codeOf(fragment)).toBe(""),
);
