import { expect, test } from "vitest";
import { clean } from "./clean";

const ESC = "\x1b";

test.each([
  ["colours", `${ESC}[1;31mred${ESC}[0m plain`, "red plain"],
  ["24-bit colours with colons", `${ESC}[38:2::255:0:0mx${ESC}[m`, "x"],
  ["cursor and screen", `a${ESC}[2J${ESC}[10;20Hb`, "ab"],
  ["one-byte CSI", "a\x9b31mb", "ab"],
  ["a title that ends with BEL", `${ESC}]0;pwned\x07text`, "text"],
  ["a link that ends with ST", `${ESC}]8;;https://evil.example${ESC}\\click${ESC}]8;;${ESC}\\`, "click"],
  ["a device string", `${ESC}P1$r0m${ESC}\\x`, "x"],
  ["a character set", `${ESC}(Bx`, "x"],
  ["reset and save", `${ESC}c${ESC}7x${ESC}8`, "x"],
  ["a carriage return at the end", "line\r", "line"],
])("%s are taken out", (_name, line, shown) => expect(clean(line)).toBe(shown));

test("a command without its end is shown, and does not swallow the line", () => {
  expect(clean(`a${ESC}]0;never ends`)).toBe("a␛]0;never ends");
  expect(clean(`a${ESC}`)).toBe("a␛");
  expect(clean(`a${ESC}[12`)).toBe("a␛[12");
});

test.each([
  ["a turned direction", "user\u202egnp.exe", "user⟨U+202E⟩gnp.exe"],
  ["isolates", "\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"],
  ["nothing at all", "a\u200bb\ufeffc", "a⟨U+200B⟩b⟨U+FEFF⟩c"],
  ["tags", "a\u{e0041}b", "a⟨U+E0041⟩b"],
  ["a line in a line", "a\u2028b", "a⟨U+2028⟩b"],
  ["a carriage return that hides what was before", "secret\rok", "secret␍ok"],
  ["NUL, backspace, DEL and C1", "a\0b\bc\x7fd\x85", "a␀b␈c␡d⟨U+0085⟩"],
  ["half of a character", "a\ud800b", "a⟨U+D800⟩b"],
])("%s is made visible", (_name, line, shown) => expect(clean(line)).toBe(shown));

test("markup and all languages stay what they are", () => {
  for (const line of ["<script>alert(1)</script>", "Grüße 你好 مرحبا 🦞", "a\tb"]) expect(clean(line)).toBe(line);
});

test("a line made to be slow is not", () => {
  const hostile = [
    `${ESC}]`.repeat(8_000),
    `${ESC}[`.repeat(8_000),
    `${ESC}]${"a".repeat(16_000)}`,
    `${ESC}[${"1;".repeat(8_000)}`,
  ];
  const start = performance.now();
  for (const line of hostile) clean(line);
  expect(performance.now() - start).toBeLessThan(500);
});
