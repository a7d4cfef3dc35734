// Days of a chart: every day of the span is there, also those on which nothing was spent.
import type { DayCost } from "./overview";

const DAY_MS = 86_400_000;

export function lastDays(days: DayCost[], count: number, now: Date): DayCost[] {
  const byDay = new Map(days.map((one) => [one.day, one]));
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(now.getTime() - (count - 1 - at) * DAY_MS).toISOString().slice(0, 10);
    return byDay.get(day) ?? { day, tokens: 0, calls: 0, cost_nano_usd: 0 };
  });
}
