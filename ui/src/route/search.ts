// Filters in the address. The router reads `?q=12` as a number and `?q=true` as yes; whatever stands there is a text here, and rubbish is nothing.

/** A person may paste anything into the address. */
const LONGEST = 200;

export function text(value: unknown): string | undefined {
  const read = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof read === "string" && read !== "" ? read.slice(0, LONGEST) : undefined;
}

export function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | undefined {
  return allowed.find((name) => name === value);
}

/** `2026-11-21`, as date fields write it. */
export function day(value: unknown): string | undefined {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}

/** Texts by name: `?q=…&plan=…`. */
export function texts<N extends string>(names: readonly N[], search: Record<string, unknown>): { [K in N]?: string } {
  const found: { [K in N]?: string } = {};
  for (const name of names) found[name] = text(search[name]);
  return found;
}
