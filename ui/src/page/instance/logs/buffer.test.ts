import { expect, test } from "vitest";
import { add, asText, cut, EMPTY, KEPT, pause, resume, shown } from "./buffer";

const raw = (text: string, source = "stdout") => ({ text, source });

test("only the newest lines are kept, and numbers go on", () => {
  let buffer = add(
    EMPTY,
    Array.from({ length: KEPT }, (_, at) => raw(`${at}`)),
  );
  buffer = add(buffer, [raw("newest")]);
  expect(buffer.lines).toHaveLength(KEPT);
  expect(buffer.lines[0]).toMatchObject({ id: 1, text: "1" });
  expect(buffer.lines.at(-1)).toMatchObject({ id: KEPT, text: "newest" });
});

test("what comes while paused waits, and stands in its order afterwards", () => {
  const paused = add(add(pause(add(EMPTY, [raw("a")])), [raw("b")]), [raw("c")]);
  expect(paused.lines.map(({ text }) => text)).toEqual(["a"]);
  expect(paused.waiting).toHaveLength(2);
  const going = resume(paused);
  expect(going.lines.map(({ text }) => text)).toEqual(["a", "b", "c"]);
  expect(going.waiting).toEqual([]);
});

test("search ignores case and is no pattern; sources are chosen exactly", () => {
  const { lines } = add(EMPTY, [raw("GET /a+b"), raw("get /aab", "stderr")]);
  expect(shown(lines, "/A+B", undefined)).toHaveLength(1);
  expect(shown(lines, "get", "stderr")).toHaveLength(1);
  expect(shown(lines, "", undefined)).toBe(lines);
});

test("hits are every second part, and the parts are the text", () => {
  expect(cut("Error: no error", "error")).toEqual(["", "Error", ": no ", "error", ""]);
  expect(cut("a.b", ".")).toEqual(["a", ".", "b"]);
  expect(cut("(((", "(").join("")).toBe("(((");
});

test("a file has one line for each", () => {
  const { lines } = add(EMPTY, [{ at: "2026-11-21T10:00:00Z", source: "stdout", text: "hello" }, raw("no time")]);
  expect(asText(lines)).toBe("2026-11-21T10:00:00.000Z\tstdout\thello\n-\tstdout\tno time\n");
});
