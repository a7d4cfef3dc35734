// A limit as it is typed and as the API knows it. Amounts stay exact on the way.
import type { components } from "~/api/schema";
import { dollarsOf, nanoOf, type Problem, wholeOf } from "~/format/dollars";

export type Limit = components["schemas"]["Limit"];
export type Unit = Limit["unit"];
export type Window = Limit["window"];

export const UNITS: Unit[] = ["nano_usd", "tokens", "calls"];
export const WINDOWS: Window[] = ["minute", "hour", "day", "month"];

/** What stands in the fields. */
export interface Typed {
  unit: Unit;
  window: Window;
  amount: string;
}

export type Wrong = Problem | "zero";

/** The amount that was typed, or what is wrong with it. */
export function readAmount({ unit, amount }: Pick<Typed, "unit" | "amount">): number | Wrong {
  const read = unit === "nano_usd" ? nanoOf(amount) : wholeOf(amount);
  return read === 0 ? "zero" : read;
}

export function readLimit(typed: Typed): Limit | undefined {
  const amount = readAmount(typed);
  return typeof amount === "number" ? { unit: typed.unit, window: typed.window, amount } : undefined;
}

export const typedOf = ({ unit, window, amount }: Limit): Typed => ({
  unit,
  window,
  amount: unit === "nano_usd" ? dollarsOf(amount) : String(amount),
});

/** Two limits of the same thing in the same stretch cannot both hold. */
export const sameKind = (a: Omit<Typed, "amount">, b: Omit<Typed, "amount">): boolean =>
  a.unit === b.unit && a.window === b.window;

/** The first kind that is not taken yet, for a new line. */
export function freeKind(taken: Omit<Typed, "amount">[]): Omit<Typed, "amount"> {
  for (const window of ["month", "day", "hour", "minute"] as const)
    for (const unit of UNITS) if (!taken.some((one) => sameKind(one, { unit, window }))) return { unit, window };
  return { unit: "nano_usd", window: "month" };
}
