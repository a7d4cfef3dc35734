// Numbers as people of the chosen language write them, always with their unit.
import i18next from "i18next";

const formats = new Map<string, Intl.NumberFormat>();

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${i18next.language}${JSON.stringify(options)}`;
  const found = formats.get(key) ?? new Intl.NumberFormat(i18next.language, options);
  formats.set(key, found);
  return found;
}

const NANO = 1_000_000_000;

/** 1,234 */
export const whole = (value: number) => format({ maximumFractionDigits: 0 }).format(value);

/** 1.2M; exact below ten thousand. */
export const compact = (value: number) =>
  value < 10_000 ? whole(value) : format({ notation: "compact", maximumFractionDigits: 1 }).format(value);

/** Dollars from nano-dollars. Below a cent two significant digits are shown, so that something never reads as nothing. */
export function money(nanoUsd: number): string {
  const dollars = nanoUsd / NANO;
  const tiny = dollars > 0 && dollars < 0.01;
  const digits = tiny ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  return format({ style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", ...digits }).format(dollars);
}

/** Whole dollars without decimals, for prices of plans. */
export function price(nanoUsd: number): string {
  const dollars = nanoUsd / NANO;
  const digits = Number.isInteger(dollars) ? 0 : 2;
  return format({
    style: "currency",
    currency: "USD",
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(dollars);
}

/** 0–100 from a part and its whole; a whole of nothing is nothing. */
export const share = (part: number, all: number) => (all > 0 ? Math.min(100, (part / all) * 100) : 0);

export const percent = (value: number) => format({ style: "percent", maximumFractionDigits: 0 }).format(value / 100);

const STEPS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Memory and disk: 1.5 GB means 1.5 × 2³⁰ bytes, as limits are set. */
export function bytes(value: number): string {
  let step = 0;
  let left = value;
  while (left >= 1024 && step < STEPS.length - 1) {
    left /= 1024;
    step += 1;
  }
  const digits = left >= 100 || step === 0 ? 0 : 1;
  return format({ style: "unit", unit: STEPS[step], unitDisplay: "short", maximumFractionDigits: digits }).format(left);
}

/** 1.2 s, 340 ms, 2 min 5 s. */
export function duration(milliseconds: number): string {
  const unit = (value: number, name: "millisecond" | "second" | "minute" | "hour", digits = 0) =>
    format({ style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: digits }).format(value);
  if (milliseconds < 1000) return unit(milliseconds, "millisecond");
  if (milliseconds < 60_000) return unit(milliseconds / 1000, "second", milliseconds < 10_000 ? 1 : 0);
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 60) return `${unit(minutes, "minute")} ${unit(Math.floor((milliseconds % 60_000) / 1000), "second")}`;
  return `${unit(Math.floor(minutes / 60), "hour")} ${unit(minutes % 60, "minute")}`;
}
