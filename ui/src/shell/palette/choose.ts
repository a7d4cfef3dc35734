// What the palette shows: without words the places one comes back to, with words what fits them, in groups of the best first.

import type { Command, Group } from "./commands";
import { best } from "./fuzzy";

/** A list one reads at a glance. */
const PER_GROUP = 6;
const IDLE: Group[] = ["recent", "actions", "pages", "operator"];
/** Without words only these; an agent is found by its name. */
const AGENTS_IDLE = 4;

export interface Section {
  group: Group;
  commands: Command[];
}

export function choose(commands: Command[], recent: string[], query: string): Section[] {
  return query.trim() === "" ? idle(commands, recent) : found(commands, query);
}

function idle(commands: Command[], recent: string[]): Section[] {
  const again = recent
    .map((path) => commands.find((command) => command.id === path))
    .filter((command) => command !== undefined)
    .slice(0, AGENTS_IDLE)
    .map((command) => ({ ...command, id: `recent:${command.id}`, group: "recent" as const }));
  const plain = commands.filter(({ id }) => !isWish(id));
  return sections([...again, ...plain], IDLE, 20);
}

/** Starting and stopping is offered for an agent that was named, not for all of them. */
const isWish = (id: string) => /^(start|stop|restart):/.test(id);

function found(commands: Command[], query: string): Section[] {
  const fitting = best(commands, query);
  const order = [...new Set(fitting.map(({ group }) => group))];
  return sections(fitting, order, PER_GROUP);
}

function sections(commands: Command[], order: Group[], most: number): Section[] {
  return order
    .map((group) => ({ group, commands: commands.filter((command) => command.group === group).slice(0, most) }))
    .filter((section) => section.commands.length > 0);
}
