import { expect, test } from "vitest";
import { day, oneOf, text, texts } from "./search";

test("a text is a text, whatever the router made of it", () => {
  expect(text(12)).toBe("12");
  expect(text(true)).toBe("true");
  expect(text("")).toBeUndefined();
  expect(text({ a: 1 })).toBeUndefined();
  expect(text("x".repeat(10_000))).toHaveLength(200);
});

test("only known names and real days pass", () => {
  expect(oneOf(["a", "b"], "b")).toBe("b");
  expect(oneOf(["a", "b"], "c")).toBeUndefined();
  expect(day("2026-11-21")).toBe("2026-11-21");
  expect(day("2026-13-41")).toBeUndefined();
  expect(day("21.11.2026")).toBeUndefined();
});

test("unknown names are left out", () => {
  expect(texts(["q"], { q: "ada", x: "1" })).toEqual({ q: "ada" });
});
