// Which tenants are shown and in what order. Pure.
import type { TenantCost } from "./spend";

export const COLUMNS = ["tenant", "calls", "tokens", "platform", "own", "cost"] as const;
export type Key = (typeof COLUMNS)[number];

export interface Order {
  by: Key;
  descending: boolean;
}

/** What the platform's keys paid. */
export const onPlatform = (row: TenantCost): number => row.cost_nano_usd - row.own_key_cost_nano_usd;

const FIGURES: Record<Exclude<Key, "tenant">, (row: TenantCost) => number> = {
  calls: (row) => row.calls,
  tokens: (row) => row.tokens,
  platform: onPlatform,
  own: (row) => row.own_key_cost_nano_usd,
  cost: (row) => row.cost_nano_usd,
};

/** A second press on the same column turns it around; figures begin with the largest, names with A. */
export const pressed = (now: Order, by: Key): Order =>
  now.by === by ? { by, descending: !now.descending } : { by, descending: by !== "tenant" };

export function found(rows: TenantCost[], text: string): TenantCost[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const says = (row: TenantCost) => `${row.name}\n${row.owner}\n${row.tenant_id}`.toLocaleLowerCase();
  return words.length === 0 ? rows : rows.filter((row) => words.every((word) => says(row).includes(word)));
}

export function ordered(rows: TenantCost[], { by, descending }: Order, language: string): TenantCost[] {
  const words = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const name = (a: TenantCost, b: TenantCost) => words.compare(a.owner || a.name, b.owner || b.name);
  const turn = descending ? -1 : 1;
  if (by === "tenant") return rows.toSorted((a, b) => name(a, b) * turn);
  const figure = FIGURES[by];
  return rows.toSorted((a, b) => (figure(a) - figure(b)) * turn || name(a, b));
}
