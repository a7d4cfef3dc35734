// A price as people write it: dollars for a million tokens, each digit kept.
import type { components } from "~/api/schema";
import { dollarsOf, nanoOf, type Problem } from "~/format/dollars";
import { PARTS, type Part, type Price, type Tier } from "./prices";

type AddPrice = components["schemas"]["AddPrice"];

/** Most nano-dollars for a million tokens: $10,000. More is a slip of the decimal sign. */
export const MOST_NANO = 10_000_000_000_000;
/** Without these there is no price; the others fall back to one of them. */
export const NEEDED: Part[] = ["input", "output"];
/** Prices that most models do not have. */
export const RARE: Part[] = ["input_audio", "output_audio", "input_image", "output_image"];

export type Prices = Record<Part, string>;

export interface PriceForm extends Prices, Record<string, unknown> {
  provider: string;
  model: string;
  tier: Tier;
  /** Input tokens from which on it holds; empty: for every call. */
  from: number | string;
  when: "now" | "day";
  /** `2026-12-01`, from midnight UTC on. */
  day: string;
  source: string;
}

export interface Start {
  provider?: string;
  model?: string;
  tier?: Tier;
  from?: number;
  /** What is changed. */
  prices?: Price["prices"];
}

const written = (nano: number | null | undefined) => (typeof nano === "number" ? dollarsOf(nano) : "");

export function toForm({ provider = "", model = "", tier = "standard", from = 0, prices }: Start): PriceForm {
  const parts = Object.fromEntries(PARTS.map((part) => [part, written(prices?.[`${part}_nano_usd`])])) as Prices;
  return { provider, model, tier, from: from || "", when: "now", day: "", source: "", ...parts };
}

export type Wrong = Problem | "dear";

/** What is wrong with the text of a price, if anything. */
export function problemOf(part: Part, text: string): Wrong | undefined {
  const read = nanoOf(text);
  if (read === "empty") return NEEDED.includes(part) ? "empty" : undefined;
  if (typeof read === "string") return read;
  return read > MOST_NANO ? "dear" : undefined;
}

/** A part left empty is absent, and then the API takes that of another part. */
export function fromForm(form: PriceForm): AddPrice {
  const price = (part: Part) => {
    const read = nanoOf(form[part]);
    return typeof read === "number" ? read : undefined;
  };
  const optional = PARTS.filter((part) => !NEEDED.includes(part))
    .map((part) => [`${part}_nano_usd`, price(part)] as const)
    .filter(([, read]) => read !== undefined);
  return {
    provider: form.provider,
    model: form.model.trim(),
    tier: form.tier,
    from_input_tokens: Number(form.from) || 0,
    ...(form.when === "day" && { valid_from: `${form.day}T00:00:00Z` }),
    prices: {
      input_nano_usd: price("input") ?? 0,
      output_nano_usd: price("output") ?? 0,
      ...Object.fromEntries(optional),
    },
    source: form.source.trim(),
  };
}

/** The form's names of the API's fields. */
export const FIELDS: Record<string, string> = {
  from_input_tokens: "from",
  valid_from: "day",
  ...Object.fromEntries(PARTS.map((part) => [`prices.${part}_nano_usd`, part])),
};
