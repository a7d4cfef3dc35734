// A log line made harmless to look at: terminal commands are taken out, and what would be invisible or turn the text around is shown as a sign. Pure.

/*
 * ECMA-48 (control sequences): what a terminal would swallow.
 *   CSI  ESC [ (or 9B)  parameters 30-3F*  intermediates 20-2F*  final 40-7E
 *   OSC, DCS, SOS, PM, APC  a string up to ST (ESC \ or 9C) or BEL
 *   nF   ESC 20-2F+ 30-7E       Fp, Fe, Fs   ESC 30-7E
 * A string without an end is not taken: it would swallow the line. Every alternative reads forward only, so a long line costs its length.
 */
const COMMANDS = new RegExp(
  [
    "(?:\\x1b\\[|\\x9b)[\\x30-\\x3f]*[\\x20-\\x2f]*[\\x40-\\x7e]",
    "(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)",
    "\\x1b[\\x20-\\x2f]+[\\x30-\\x7e]",
    "\\x1b(?![\\[\\]PX^_])[\\x30-\\x7e]",
  ].join("|"),
  "g",
);

/** Controls, directions, joiners, fillers, tags, lone surrogates: nothing a reader could see. */
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}|\u034f|[\u115f\u1160\u3164\uffa0\ufffc]|\u17b4|\u17b5/gu;

const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;
/** A tab is a space of some width. */
const KEPT = new Set(["\t"]);

export function clean(text: string): string {
  return text.replace(/\r+$/, "").replace(COMMANDS, "").replace(INVISIBLE, visible);
}

function visible(sign: string): string {
  if (KEPT.has(sign)) return sign;
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(CONTROL_PICTURES + code);
  if (code === DELETE) return "\u2421";
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
