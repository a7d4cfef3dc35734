// The English words of the console, from its own catalogue: a test finds things by what a person reads, and a better wording breaks none.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../src/text/en/", import.meta.url));
const books = new Map<string, unknown>();

/** `words("shell:nav.usage")`, with `{{placeholders}}` filled in. */
export function words(key: string, values: Record<string, string | number> = {}): string {
  const [book = "", path = ""] = key.split(":");
  const text = path
    .split(".")
    .reduce<unknown>((node, name) => (node as Record<string, unknown> | undefined)?.[name], open(book));
  if (typeof text !== "string") throw new Error(`the catalogue has no text ${key}`);
  return text.replace(/\{\{(\w+)[^}]*\}\}/g, (whole, name) => String(values[name] ?? whole));
}

/** The same as a pattern that takes anything in the places of the placeholders. */
export function pattern(key: string): RegExp {
  const escaped = words(key).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(escaped.replace(/\\\{\\\{.+?\\\}\\\}/g, ".*"));
}

function open(book: string): unknown {
  if (!books.has(book)) books.set(book, JSON.parse(readFileSync(`${FOLDER}${book}.json`, "utf8")));
  return books.get(book);
}
