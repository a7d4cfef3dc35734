// Dollars as people type them, and nano-dollars as they are counted. Read from the text itself: a floating-point number would lose a nano-dollar on the way.
import i18next from "i18next";

/** Decimal places of a nano-dollar. */
const PLACES = 9;

export type Problem = "empty" | "number" | "places" | "much";

/** The sign before decimals in the language of the page. */
export function decimalSign(): "." | "," {
  const part = new Intl.NumberFormat(i18next.language).formatToParts(1.5).find(({ type }) => type === "decimal");
  return part?.value === "," ? "," : ".";
}

/** Digits before and after the decimal sign, as `1234` and `5`; nothing where it is no number. `1.000` is read as the page's language reads it. */
function parts(text: string): [whole: string, decimals: string] | undefined {
  const plain = text.replace(/[\s\u00a0\u202f'’_$]/g, "");
  const sign = signOf(plain);
  const [whole = "", decimals = "", ...more] = sign ? plain.split(sign) : [plain];
  if (more.length > 0 || !/^\d*$/.test(decimals)) return undefined;
  const group = sign === "." ? "," : ".";
  const grouped = whole.split(group);
  const proper =
    grouped.length === 1 || grouped.every((digits, at) => (at === 0 ? /^\d{1,3}$/ : /^\d{3}$/).test(digits));
  const digits = grouped.join("");
  return proper && /^\d*$/.test(digits) && digits + decimals !== "" ? [digits, decimals] : undefined;
}

/** Which of the two signs in a number stands before its decimals, if any does. */
function signOf(text: string): "." | "," | undefined {
  const [dots, commas] = [text.split(".").length - 1, text.split(",").length - 1];
  if (dots && commas) return text.lastIndexOf(".") > text.lastIndexOf(",") ? "." : ",";
  const only = dots ? "." : commas ? "," : undefined;
  if (!only || dots + commas > 1) return only && (dots + commas > 1 ? other(only) : only);
  // One sign before exactly three digits may be either.
  return /^[1-9]\d{0,2}[.,]\d{3}$/.test(text) ? (decimalSign() === only ? only : other(only)) : only;
}

const other = (sign: "." | ",") => (sign === "." ? "," : ".");

/** Whole numbers of the API are exact up to here, about nine million dollars in nano-dollars. */
function exact(digits: string): number | Problem {
  const value = BigInt(digits || "0");
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? "much" : Number(value);
}

/** Nano-dollars of `12.50`, or what is wrong with it. */
export function nanoOf(text: string): number | Problem {
  if (text.trim() === "") return "empty";
  const read = parts(text);
  if (!read) return "number";
  const [whole, decimals] = read;
  const kept = decimals.replace(/0+$/, "");
  return kept.length > PLACES ? "places" : exact(whole + kept.padEnd(PLACES, "0"));
}

/** A whole number of `5,000,000`, or what is wrong with it. */
export function wholeOf(text: string): number | Problem {
  if (text.trim() === "") return "empty";
  const read = parts(text);
  if (!read) return "number";
  return /^0*$/.test(read[1]) ? exact(read[0]) : "places";
}

/** `12.5` of nano-dollars, every digit of it, as it would be typed. */
export function dollarsOf(nanoUsd: number): string {
  const digits = String(BigInt(nanoUsd)).padStart(PLACES + 1, "0");
  const decimals = digits.slice(-PLACES).replace(/0+$/, "");
  return digits.slice(0, -PLACES) + (decimals && decimalSign() + decimals);
}

const shown = new Map<string, Intl.NumberFormat>();

/** `$1.00`, `$0.0375`: as many decimals as the amount has, two at least. Where `money` rounds, this does not: for prices and limits. */
export function dollars(nanoUsd: number): string {
  const { language } = i18next;
  const format =
    shown.get(language) ??
    new Intl.NumberFormat(language, {
      style: "currency",
      currency: "USD",
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: 2,
      maximumFractionDigits: PLACES,
    });
  shown.set(language, format);
  const [digits, sign] = [String(Math.abs(nanoUsd)).padStart(PLACES + 1, "0"), nanoUsd < 0 ? "-" : ""];
  return format.format(`${sign}${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}` as `${number}`);
}
