import { expect, test } from "vitest";
import { bytesOf } from "./limit";

test("what the server counts is counted: bytes, without the space around", () => {
  expect(bytesOf("  hello\n")).toBe(5);
  expect(bytesOf("Grüße")).toBe(7);
  expect(bytesOf("你好🦞")).toBe(10);
});
