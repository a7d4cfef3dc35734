// Why models were called and from where: the order of causes, and sums over one of the two. Pure.
import type { CauseUsage } from "~/api/types";
import { add, type Spent } from "./figures";

export type Cause = CauseUsage["cause"];

/** From what people do to what happens by itself: from the bottom of a bar up. */
export const CAUSES: readonly Cause[] = ["person", "sub_agent", "cron", "heartbeat", "retry", "unknown"];

/** A cause has the same colour everywhere; what is not known is grey. */
const COLOURS: Record<Cause, string> = {
  person: "var(--chart-1)",
  sub_agent: "var(--chart-3)",
  cron: "var(--chart-4)",
  heartbeat: "var(--chart-2)",
  retry: "var(--chart-5)",
  unknown: "var(--ink-faint)",
};

export const causeColour = (cause: string): string => COLOURS[cause as Cause] ?? COLOURS.unknown;

export interface Sum extends Spent {
  key: string;
}

/** Summed over channels. */
export const byCause = (rows: CauseUsage[]): (Sum & { key: Cause })[] => sums(rows, ({ cause }) => cause);

/** Summed over causes; "" is what had no channel. */
export const byChannel = (rows: CauseUsage[]): Sum[] => sums(rows, ({ channel }) => channel ?? "");

function sums<K extends string>(rows: CauseUsage[], keyOf: (row: CauseUsage) => K): (Spent & { key: K })[] {
  const found = new Map<K, Spent & { key: K }>();
  for (const row of rows) {
    const key = keyOf(row);
    const sum = found.get(key) ?? { key, tokens: 0, calls: 0, cost_nano_usd: 0 };
    add(sum, row);
    found.set(key, sum);
  }
  return [...found.values()];
}

/** What channels call themselves; their names are the same in every language. */
const CHANNELS: Record<string, string> = {
  telegram: "Telegram",
  webchat: "Web chat",
  whatsapp: "WhatsApp",
  discord: "Discord",
  slack: "Slack",
  signal: "Signal",
  imessage: "iMessage",
  googlechat: "Google Chat",
  msteams: "Microsoft Teams",
};

export const channelName = (channel: string): string => CHANNELS[channel] ?? channel;
