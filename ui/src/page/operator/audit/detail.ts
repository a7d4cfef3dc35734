// What an audit line says beyond who, what and whom: as names and values, and as before and after where it has both. Never a blob.
import { type Limit, UNITS, WINDOWS } from "~/feature/limit/read";
import { limitInWords } from "~/feature/limit/words";
import { whole } from "~/format/number";

export type Fact = { name: string; value: string } | { name: string; before: string; after: string };

/** Deeper than this nothing of ours nests; what a stranger nested deeper is shown as text. */
const DEEPEST = 4;

export function facts(detail: unknown): Fact[] {
  return isGroup(detail) ? (changesOf(detail) ?? flat(detail, "", 0)) : [];
}

type Group = Record<string, unknown>;
const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `{before: {…}, after: {…}}`, field by field; what stayed the same is left out. */
function changesOf({ before, after, ...rest }: Group): Fact[] | undefined {
  if (!isGroup(before) || !isGroup(after)) return undefined;
  const [was, is] = [values(before), values(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  const changes = names
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => ({ name, before: was.get(name) ?? "", after: is.get(name) ?? "" }));
  return [...changes, ...flat(rest, "", 0)];
}

const values = (group: Group) =>
  new Map(flat(group, "", 0).flatMap((fact) => ("value" in fact ? [[fact.name, fact.value] as const] : [])));

function flat(group: Group, prefix: string, depth: number): Fact[] {
  return Object.entries(group).flatMap(([key, value]): Fact[] => {
    const name = prefix + key;
    if (value === null || value === undefined) return [];
    if (!isGroup(value)) return [{ name, value: text(value) }];
    if ("before" in value && "after" in value && Object.keys(value).length === 2)
      return [{ name, before: text(value.before), after: text(value.after) }];
    return depth < DEEPEST ? flat(value, `${name}.`, depth + 1) : [{ name, value: text(value) }];
  });
}

function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(text).join(", ");
  if (typeof value === "number") return whole(value);
  if (isLimit(value)) return limitInWords(value);
  if (isGroup(value))
    return Object.entries(value)
      .map(([name, part]) => `${name} ${text(part)}`)
      .join(", ");
  return String(value);
}

function isLimit(value: unknown): value is Limit {
  if (!isGroup(value)) return false;
  const known = (list: readonly string[], name: unknown) => typeof name === "string" && list.includes(name);
  return known(UNITS, value.unit) && known(WINDOWS, value.window) && typeof value.amount === "number";
}
