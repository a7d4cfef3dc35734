// The price table: rows by model, tier and length, and what of them is shown.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";

type Schemas = components["schemas"];
export type Price = Schemas["PriceRow"];
export type Tier = Price["tier"];
export type Origin = Price["origin"];

export const TIERS: Tier[] = ["standard", "flex", "priority", "batch"];
export const ORIGINS: Origin[] = ["shipped", "operator"];
/** Nano-dollars for a million of each, as the API names them, in the order in which they are shown. */
export const PARTS = [
  "input",
  "output",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "input_audio",
  "output_audio",
  "input_image",
  "output_image",
] as const;
export type Part = (typeof PARTS)[number];

export const pricesQuery = queryOptions({
  queryKey: [...keys.operator, "prices"],
  queryFn: async ({ signal }) => (await body(api.GET("/api/v1/operator/prices", { signal }))).items,
});

/** All prices that one kind of call ever had, the newest first. */
export interface Group {
  key: string;
  provider: string;
  model: string;
  tier: Tier;
  from: number;
  /** The one that holds now; absent where the first is still to come. */
  current?: Price;
  /** The next one that will. */
  next?: Price;
  rows: Price[];
}

/** In the API's order, which is by vendor, model, tier and length, and of each the newest first. */
export function grouped(rows: Price[], now: Date): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const key = `${row.provider}/${row.model} ${row.tier} ${row.from_input_tokens}`;
    const group = groups.get(key) ?? {
      key,
      provider: row.provider,
      model: row.model,
      tier: row.tier,
      from: row.from_input_tokens,
      rows: [],
    };
    group.rows.push(row);
    if (row.current) group.current = row;
    if (when(row, now) === "coming") group.next = row;
    groups.set(key, group);
  }
  return [...groups.values()];
}

export interface Filter {
  q?: string;
  provider?: string;
  origin?: Origin;
}

/** Every word must be found in the vendor, the model, the tier or a source. */
export function found(groups: Group[], { q = "", provider, origin }: Filter, vendor: (id: string) => string): Group[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const says = (group: Group) =>
    [vendor(group.provider), group.provider, group.model, group.tier, ...group.rows.map(({ source }) => source)]
      .join("\n")
      .toLowerCase();
  return groups.filter(
    (group) =>
      (!provider || group.provider === provider) &&
      (!origin || group.rows.some((row) => row.origin === origin)) &&
      (words.length === 0 || words.every((word) => says(group).includes(word))),
  );
}

export type When = "now" | "coming" | "past";

/** Whether a price holds, will hold or held. */
export function when(row: Price, now: Date): When {
  if (row.current) return "now";
  return row.valid_from && new Date(row.valid_from) > now ? "coming" : "past";
}

/** A link only where it is one that can be opened without harm. */
export function linkOf(source: string): string | undefined {
  const text = source.trim();
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text) ? new URL(text).href : undefined;
}

/** Dated snapshots of a model cost what the model does, unless they have a price of their own. */
const SNAPSHOT = /-(\d{4}-\d\d-\d\d|\d{8})$/;

interface Used {
  model: string;
  tokens: number;
  cost_nano_usd: number;
}

/** Models that answered but cost nothing because no row names them: their calls are counted in tokens only. */
export function unpriced<U extends Used>(used: U[], rows: Pick<Price, "provider" | "model">[]): U[] {
  const known = new Set(rows.map(({ provider, model }) => `${provider}/${model}`));
  return used.filter(
    ({ model, tokens, cost_nano_usd }) =>
      tokens > 0 && cost_nano_usd === 0 && !known.has(model) && !known.has(model.replace(SNAPSHOT, "")),
  );
}
