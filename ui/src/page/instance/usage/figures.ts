// Usage as rows for a chart: every day there, the largest series by name and the rest together. Pure.
export interface Spent {
  tokens: number;
  calls: number;
  cost_nano_usd: number;
}
export type Unit = "money" | "tokens";

/** What a day owes to one model, one cause, one of anything. */
export interface Entry extends Spent {
  day: string;
  series: string;
}

export interface Row extends Spent {
  /** `2026-11-21`, a day in UTC. */
  day: string;
  /** Spent in the chart's unit, one for each series. */
  parts: number[];
}

export interface Stack {
  /** From the bottom of the bars up, the largest first where no order was given; "" stands for all others. */
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

/** Series in the given order as far as they occur; without one the largest have names. */
export function stack(days: string[], entries: Entry[], unit: Unit, order?: readonly string[]): Stack {
  const series = order ? occurring(entries, order) : largest(entries, unit);
  const place = new Map(series.map((name, at) => [name, at]));
  const others = place.get(OTHERS) ?? 0;
  const rows = new Map<string, Row>(
    days.map((day) => [day, { day, tokens: 0, calls: 0, cost_nano_usd: 0, parts: series.map(() => 0) }]),
  );
  for (const entry of entries) {
    const row = rows.get(entry.day);
    if (!row) continue;
    add(row, entry);
    const at = place.get(entry.series) ?? others;
    row.parts[at] = (row.parts[at] ?? 0) + amount(entry, unit);
  }
  return { series, rows: [...rows.values()] };
}

export function add(sum: Spent, more: Spent): void {
  sum.tokens += more.tokens;
  sum.calls += more.calls;
  sum.cost_nano_usd += more.cost_nano_usd;
}

const occurring = (entries: Entry[], order: readonly string[]): string[] => {
  const seen = new Set(entries.map(({ series }) => series));
  return order.filter((name) => seen.has(name));
};

function largest(entries: Entry[], unit: Unit): string[] {
  const sums = new Map<string, number>();
  for (const entry of entries) sums.set(entry.series, (sums.get(entry.series) ?? 0) + amount(entry, unit));
  const names = [...sums].toSorted((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], "en")).map(([name]) => name);
  return names.length <= NAMED + 1 ? names : [...names.slice(0, NAMED), OTHERS];
}

/** A chart in figures: all of it, and its highest day. */
export function summary({ rows }: Stack, unit: Unit): { total: number; most?: Row } {
  const used = rows.filter((row) => row.calls > 0);
  return {
    total: used.reduce((sum, row) => sum + amount(row, unit), 0),
    most: used.reduce<Row | undefined>(
      (top, row) => (top && amount(top, unit) >= amount(row, unit) ? top : row),
      undefined,
    ),
  };
}
