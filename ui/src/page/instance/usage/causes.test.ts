import { expect, test } from "vitest";
import type { CauseUsage } from "~/api/types";
import de from "~/text/de/instance.json";
import en from "~/text/en/instance.json";
import zh from "~/text/zh/instance.json";
import { byCause, byChannel, CAUSES, causeColour, channelName } from "./causes";

const rows: CauseUsage[] = [
  { cause: "person", channel: "telegram", calls: 2, tokens: 20, cost_nano_usd: 200 },
  { cause: "person", channel: "webchat", calls: 1, tokens: 5, cost_nano_usd: 50 },
  { cause: "heartbeat", calls: 9, tokens: 90, cost_nano_usd: 9 },
  { cause: "retry", channel: "telegram", calls: 1, tokens: 1, cost_nano_usd: 1 },
];

test("causes are summed over channels, and channels over causes", () => {
  expect(byCause(rows)[0]).toEqual({ key: "person", calls: 3, tokens: 25, cost_nano_usd: 250 });
  expect(byChannel(rows).map(({ key, calls }) => [key, calls])).toEqual([
    ["telegram", 3],
    ["webchat", 1],
    ["", 9],
  ]);
});

test("every cause has a colour of its own, a name and what it means", () => {
  expect(new Set(CAUSES.map(causeColour)).size).toBe(CAUSES.length);
  for (const { usage } of [en, de, zh])
    for (const cause of CAUSES) expect(usage.cause[cause].what.length).toBeGreaterThan(usage.cause[cause].name.length);
});

test("a channel that we have never heard of is called as it calls itself", () => {
  expect(channelName("telegram")).toBe("Telegram");
  expect(channelName("pigeon")).toBe("pigeon");
});
