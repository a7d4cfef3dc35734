// Which agents are shown and in what order. Pure: the list is small enough to be filtered where it is read.

import { isOver } from "~/api/operation";
import type { Instance, State } from "~/api/types";

export const GROUPS = ["all", "running", "working", "stopped", "attention"] as const;
export type Group = (typeof GROUPS)[number];

export const ORDERS = ["name", "state", "message", "spend", "created"] as const;
export type Order = (typeof ORDERS)[number];

const GROUP_OF: Record<State, Exclude<Group, "all">> = {
  creating: "working",
  starting: "working",
  stopping: "working",
  deleting: "working",
  running: "running",
  stopped: "stopped",
  error: "attention",
  unknown: "attention",
};

export function groupOf(agent: Instance): Exclude<Group, "all"> {
  return agent.operation && !isOver(agent.operation) ? "working" : GROUP_OF[agent.state];
}

export function counts(agents: Instance[]): Record<Group, number> {
  const sums: Record<Group, number> = { all: agents.length, running: 0, working: 0, stopped: 0, attention: 0 };
  for (const agent of agents) sums[groupOf(agent)] += 1;
  return sums;
}

/** Every word must be found somewhere: in the name, the address, the model or the bot's name. */
export function matching(agents: Instance[], text: string): Instance[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return agents;
  return agents.filter((agent) => {
    const bot = agent.telegram?.bot_username ?? "";
    const all = `${agent.name}\n${agent.slug}\n${agent.model}\n${bot}`.toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  });
}

export const inGroup = (agents: Instance[], group: Group): Instance[] =>
  group === "all" ? agents : agents.filter((agent) => groupOf(agent) === group);

/** When somebody last wrote or was answered. */
export function lastMessage(agent: Instance): string | undefined {
  const times = [agent.telegram?.last_in_at, agent.telegram?.last_out_at].filter(
    (at) => at !== undefined && at !== null,
  );
  return times.sort().at(-1);
}

const WORST_FIRST: Record<Exclude<Group, "all">, number> = { attention: 0, working: 1, running: 2, stopped: 3 };
/** Figures and dates are looked at from the largest down. */
export const startsDescending = (order: Order): boolean =>
  order === "message" || order === "spend" || order === "created";

export function sorted(agents: Instance[], order: Order, descending: boolean, language: string): Instance[] {
  const words = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  const text = (a: string | undefined, b: string | undefined) => (a ?? "").localeCompare(b ?? "", "en");
  const by: Record<Order, (a: Instance, b: Instance) => number> = {
    name: () => 0,
    state: (a, b) => WORST_FIRST[groupOf(a)] - WORST_FIRST[groupOf(b)],
    message: (a, b) => text(lastMessage(a), lastMessage(b)),
    spend: (a, b) => a.month.cost_nano_usd - b.month.cost_nano_usd || a.month.tokens - b.month.tokens,
    created: (a, b) => text(a.created_at, b.created_at),
  };
  const turn = descending ? -1 : 1;
  const name = (a: Instance, b: Instance) => words.compare(a.name, b.name) || text(a.slug, b.slug);
  const nearly = order === "name" ? roughly(agents, descending) : agents;
  return nearly.toSorted((a, b) => by[order](a, b) * turn || name(a, b) * (order === "name" ? turn : 1));
}

/**
 * By name as a machine would. Comparing as people do costs a hundred times more, and sorting what is nearly sorted takes a tenth of the
 * comparisons.
 */
function roughly(agents: Instance[], descending: boolean): Instance[] {
  const turn = descending ? -1 : 1;
  return agents
    .map((agent) => ({ agent, key: agent.name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0")) }))
    .sort((a, b) => (a.key < b.key ? -turn : a.key > b.key ? turn : 0))
    .map(({ agent }) => agent);
}
