// How well a line fits what was typed. Every word must be found; at the start of a word is better than inside, and letters in order are better than nothing.

const EXACT = 100;
const START = 60;
const WORD = 40;
const INSIDE = 20;
const SCATTERED = 5;

/** 0: does not fit. */
export function score(text: string, query: string): number {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return 1;
  const line = fold(text);
  let sum = 0;
  for (const word of words) {
    const points = fitOne(line, word);
    if (points === 0) return 0;
    sum += points;
  }
  return sum / words.length + (line === words.join(" ") ? EXACT : 0);
}

/** Without case and accents, so that "zoe" finds "Zoë". */
const fold = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();

function fitOne(line: string, word: string): number {
  const at = line.indexOf(word);
  if (at === 0) return START;
  if (at > 0) return /[\s\-_/.]/.test(line.charAt(at - 1)) ? WORD : INSIDE;
  return word.length > 2 && scattered(line, word) ? SCATTERED : 0;
}

/** "sett" or "stg" in "settings": the letters in their order, from the start of a word and within its length. */
function scattered(line: string, word: string): boolean {
  return line.split(/[\s\-_/.]+/).some((part) => part.charAt(0) === word.charAt(0) && inOrder(part, word));
}

function inOrder(part: string, word: string): boolean {
  let from = 0;
  for (const letter of word) {
    const at = part.indexOf(letter, from);
    if (at < 0) return false;
    from = at + letter.length;
  }
  return true;
}

interface Line {
  label: string;
  keywords?: string;
}

/** The fitting ones, best first; equal ones keep their order. */
export function best<L extends Line>(lines: L[], query: string): L[] {
  return lines
    .map((line) => ({
      line,
      points: Math.max(score(line.label, query), score(`${line.label} ${line.keywords ?? ""}`, query) * 0.9),
    }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .map(({ line }) => line);
}
