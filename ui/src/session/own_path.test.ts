// Open redirects: only a path of this console is ever followed after signing in (security.md B4).
import { expect, test } from "vitest";
import { ownPath } from "~/session/own_path";

test.each(["/instances", "/instances/ada/logs", "/new", "/operator/audit"])("%s is followed", (path) =>
  expect(ownPath(path)).toBe(path),
);

test.each([
  "",
  "instances",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/ /evil.example",
  "https://evil.example",
  "https:evil.example",
  "javascript:alert(1)",
  "/a?b=//evil.example",
  "/a#x",
  "/instances\n",
  "／／evil.example",
  "/。/evil",
  "/@evil.example:80",
  undefined,
  null,
  42,
  ["/instances"],
])("%j is not", (path) => expect(ownPath(path)).toBeUndefined());
