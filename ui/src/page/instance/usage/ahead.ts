// What is said about the end of the month: nothing yet, on what the estimate rests, or which limit it passes. Pure.
import type { Forecast, LimitView } from "~/api/types";
import { reachedBefore } from "../limits/left";

export type Ahead =
  | { kind: "none" }
  | { kind: "basis"; cost: number; days: number }
  | { kind: "over"; cost: number; limit: LimitView };

export function ahead(forecast: Forecast | undefined, limits: LimitView[]): Ahead {
  if (!forecast) return { kind: "none" };
  const { cost_nano_usd: cost, basis_days: days } = forecast;
  const limit = reachedBefore(limits, forecast);
  return limit ? { kind: "over", cost, limit } : { kind: "basis", cost, days };
}
