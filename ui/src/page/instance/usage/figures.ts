// Usage as rows for a chart: every day there, the largest models by name and the rest together. Pure.
export interface Spent {
  tokens: number;
  calls: number;
  cost_nano_usd: number;
}
export type Unit = "money" | "tokens";

export interface Row extends Spent {
  /** `2026-11-21`, a day in UTC. */
  day: string;
  /** Spent in the chart's unit, one for each series. */
  parts: number[];
}

export interface Stack {
  /** Model ids, the largest first; "" stands for all others. */
  series: string[];
  rows: Row[];
}

/** As many as can be told apart by colour. */
const NAMED = 4;
export const OTHERS = "";

export const amount = (spent: Spent, unit: Unit): number => (unit === "money" ? spent.cost_nano_usd : spent.tokens);

const DAY_MS = 86_400_000;

/** The last days up to today, in UTC, where usage is counted. */
export function lastDays(count: number, now: Date): string[] {
  return Array.from({ length: count }, (_, at) =>
    new Date(now.getTime() - (count - 1 - at) * DAY_MS).toISOString().slice(0, 10),
  );
}

export function stack(days: string[], entries: (Spent & { day: string; model: string })[], unit: Unit): Stack {
  const series = largest(entries, unit);
  const rows = new Map<string, Row>(
    days.map((day) => [day, { day, tokens: 0, calls: 0, cost_nano_usd: 0, parts: series.map(() => 0) }]),
  );
  for (const entry of entries) {
    const row = rows.get(entry.day);
    if (!row) continue;
    row.tokens += entry.tokens;
    row.calls += entry.calls;
    row.cost_nano_usd += entry.cost_nano_usd;
    const known = series.indexOf(entry.model);
    const at = known >= 0 ? known : series.indexOf(OTHERS);
    row.parts[at] = (row.parts[at] ?? 0) + amount(entry, unit);
  }
  return { series, rows: [...rows.values()] };
}

function largest(entries: (Spent & { model: string })[], unit: Unit): string[] {
  const sums = new Map<string, number>();
  for (const entry of entries) sums.set(entry.model, (sums.get(entry.model) ?? 0) + amount(entry, unit));
  const models = [...sums].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "en")).map(([model]) => model);
  return models.length <= NAMED + 1 ? models : [...models.slice(0, NAMED), OTHERS];
}

/** Fewer days of use than this say nothing about the rest of the month. */
const ENOUGH_DAYS = 3;
const WINDOW = 7;

/**
 * What the month will come to if every day left is like the last seven complete ones. Nothing when there is too little to go by.
 * Today is left out of the mean: it has not ended.
 */
export function forecast(
  month: Spent,
  renewsAt: Date,
  byDay: (Spent & { day: string })[],
  unit: Unit,
  now: Date,
): number | undefined {
  const [first] = byDay;
  if (!first) return undefined;
  const complete = lastDays(WINDOW + 1, now)
    .slice(0, WINDOW)
    .filter((day) => day >= first.day);
  if (complete.length < ENOUGH_DAYS) return undefined;
  const sums = new Map(byDay.map((entry) => [entry.day, amount(entry, unit)]));
  const mean = complete.reduce((sum, day) => sum + (sums.get(day) ?? 0), 0) / complete.length;
  const left = Math.max(0, renewsAt.getTime() - now.getTime()) / DAY_MS;
  return amount(month, unit) + mean * left;
}
