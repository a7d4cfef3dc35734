// What a day with a model costs, from the vendor's price. One stated assumption, the same for every model, so that cards can be compared.
import i18next from "i18next";
import type { Model } from "~/api/types";
import { money } from "~/format/number";

type Price = NonNullable<Model["price"]>;

/** A day of chatting. What is reread each time (instructions, memory, the talk so far) mostly comes from the vendor's cache. */
export const DAY = {
  messages: 40,
  freshTokens: 3_000,
  cachedTokens: 12_000,
  answerTokens: 250,
  /** The same in words, for people: a token is about three quarters of one. */
  readWords: 11_000,
  answerWords: 190,
} as const;

const CENT = 10_000_000;
/** Prices are for a million tokens. */
const PRICED_TOKENS = 1_000_000;

/** Nano-dollars. */
export function dayOfChatting(price: Price): number {
  const one =
    DAY.freshTokens * price.input_nano_usd +
    DAY.cachedTokens * price.cache_read_nano_usd +
    DAY.answerTokens * price.output_nano_usd;
  return (DAY.messages * one) / PRICED_TOKENS;
}

/** "about 3 cents", "about $1.40": never more exact than an estimate is. */
export function roughly(nanoUsd: number): string {
  const cents = Math.round(nanoUsd / CENT);
  if (cents < 1) return i18next.t("wizard:cost.under_a_cent");
  if (cents < 100) return i18next.t("wizard:cost.cents", { count: cents });
  return i18next.t("wizard:cost.dollars", { amount: money(Math.round(nanoUsd / CENT / 10) * 10 * CENT) });
}

/** Messages and answers that so many tokens carry, under the same assumption; two digits, for it is an estimate. */
export function messagesIn(tokens: number): number {
  const one = DAY.freshTokens + DAY.cachedTokens + DAY.answerTokens;
  return Number((tokens / one).toPrecision(2));
}
