// What is happening with an agent right now, as one case with its remedy. Pure; the words are the catalogue's.
import { isOver } from "~/api/operation";
import type { Health, Instance, Operation } from "~/api/types";
import type { Tone } from "~/pattern/state";

/** Where the way out is: a page of the agent, or an action on it. */
export type Fix = "start" | "restart" | "channels" | "model" | "usage" | "logs" | "settings";

export const FINDINGS = ["key_refused", "no_key", "loop_paused", "budget_spent", "no_channel"] as const;
export type FindingCode = (typeof FINDINGS)[number];

export const CAUSES = [
  "out_of_memory",
  "bad_config",
  "image_missing",
  "key_refused",
  "crashed",
  "not_ready",
  "engine_unavailable",
  "state_missing",
  "network_exhausted",
  "engine_refused",
] as const;
export type Cause = (typeof CAUSES)[number];

const FIX_OF_FINDING: Record<FindingCode, Fix> = {
  key_refused: "model",
  no_key: "model",
  loop_paused: "logs",
  budget_spent: "usage",
  no_channel: "channels",
};

const FIX_OF_CAUSE: Partial<Record<Cause, Fix>> = {
  out_of_memory: "settings",
  bad_config: "settings",
  key_refused: "model",
  crashed: "logs",
  not_ready: "restart",
  engine_refused: "restart",
};

export type Situation =
  | { kind: "doing"; tone: Tone; what: Operation["kind"] }
  | { kind: "cause"; tone: Tone; cause: Cause; fix?: Fix }
  | { kind: "finding"; tone: Tone; finding: FindingCode; fix: Fix }
  | { kind: "words"; tone: Tone; words: string; fix?: Fix }
  | { kind: "stopped" | "unknown" | "deleting" | "starting" | "stopping"; tone: Tone; fix?: Fix }
  | { kind: "answering"; tone: Tone; bot?: string };

const isFinding = (code: string): code is FindingCode => (FINDINGS as readonly string[]).includes(code);

export const fixOfFinding = (code: string): Fix | undefined => (isFinding(code) ? FIX_OF_FINDING[code] : undefined);
export const fixOfCause = (cause: string | null | undefined): Fix | undefined =>
  cause && cause in FIX_OF_CAUSE ? FIX_OF_CAUSE[cause as Cause] : undefined;

export function situation(agent: Instance, health: Health | undefined): Situation {
  const { operation, state } = agent;
  if (operation && !isOver(operation)) return { kind: "doing", tone: "busy", what: operation.kind };
  switch (state) {
    case "error":
      if (agent.cause)
        return { kind: "cause", tone: "bad", cause: agent.cause, fix: fixOfCause(agent.cause) ?? "restart" };
      return { kind: "words", tone: "bad", words: agent.message ?? "", fix: "restart" };
    case "stopped":
      return { kind: "stopped", tone: "quiet", fix: "start" };
    case "creating":
      return { kind: "doing", tone: "busy", what: "create" };
    case "unknown":
      return { kind: "unknown", tone: "warn" };
    case "running":
      return running(agent, health);
    default:
      return { kind: state, tone: "busy" };
  }
}

function running(agent: Instance, health: Health | undefined): Situation {
  const found = health?.findings.find(({ code }) => code !== agent.state);
  if (found && isFinding(found.code))
    return { kind: "finding", tone: "warn", finding: found.code, fix: FIX_OF_FINDING[found.code] };
  if (found) return { kind: "words", tone: "warn", words: found.message };
  return { kind: "answering", tone: "good", bot: agent.telegram?.bot_username ?? undefined };
}
