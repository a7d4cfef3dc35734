// Every language says everything that English says, with the same gaps to fill in.
import { describe, expect, test } from "vitest";
import de from "./de";
import en from "./en";
import zh from "./zh";

type Words = { [key: string]: string | Words };

function flat(words: Words, prefix = ""): Map<string, string> {
  const all = new Map<string, string>();
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === "string") all.set(prefix + key, value);
    else for (const [below, text] of flat(value, `${prefix}${key}.`)) all.set(below, text);
  }
  return all;
}

const gaps = (text: string) => [...text.matchAll(/{{\s*(\w+)[^}]*}}/g)].map((match) => match[1]).sort();
/** Languages differ in how many forms a number has, so only the stem must be there. */
const stem = (key: string) => key.replace(/_(zero|one|two|few|many|other)$/, "");

describe.each([
  ["de", de],
  ["zh", zh],
])("%s", (_, catalogue) => {
  const source = flat(en as unknown as Words);
  const translated = flat(catalogue as unknown as Words);

  test("has the same keys as English", () => {
    const stems = (all: Map<string, string>) => [...new Set([...all.keys()].map(stem))].sort();
    expect(stems(translated)).toEqual(stems(source));
  });

  test("fills in the same gaps", () => {
    const different = [...translated].filter(([key, text]) => {
      const original = source.get(key);
      return original !== undefined && gaps(original).join() !== gaps(text).join();
    });
    expect(different).toEqual([]);
  });

  test("leaves nothing empty", () => {
    expect([...translated].filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});
