// Times in the reader's zone and language. A relative time always has its exact value beside it (pattern/Time.tsx).
import i18next from "i18next";

/** Making one costs a hundred times what using it does. */
const formats = new Map<string, Intl.DateTimeFormat>();
const words = new Map<string, Intl.RelativeTimeFormat>();

function format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${i18next.language}${JSON.stringify(options)}`;
  const found = formats.get(key) ?? new Intl.DateTimeFormat(i18next.language, options);
  formats.set(key, found);
  return found;
}

function wording(language: string): Intl.RelativeTimeFormat {
  const found = words.get(language) ?? new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  words.set(language, found);
  return found;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

export function relative(at: Date, now: Date): string {
  const seconds = (at.getTime() - now.getTime()) / 1000;
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return wording(i18next.language).format(Math.trunc(seconds / size), unit);
  }
  return i18next.t("common:time.now");
}

export const exact = (at: Date) => format({ dateStyle: "full", timeStyle: "long" }).format(at);

/** 21 Nov 2026, 14:05 */
export const dateTime = (at: Date) => format({ dateStyle: "medium", timeStyle: "short" }).format(at);

/** 21 Nov 2026 */
export const date = (at: Date) => format({ dateStyle: "medium" }).format(at);

/** 14:05:09 */
export const clock = (at: Date) => format({ timeStyle: "medium" }).format(at);

/** A day without a time (`2026-11-21`), which belongs to no zone: 21 Nov. */
export const day = (text: string) =>
  format({ day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));

/** First day of next month in UTC, the moment a monthly limit renews: December 1. */
export const longDay = (at: Date) => format({ day: "numeric", month: "long", timeZone: "UTC" }).format(at);
