// The verdict taken apart: every link between a message and its answer, in the order a message travels. Pure.
import type { Health, Instance } from "~/api/types";
import { CAUSES, type Cause, FINDINGS, type FindingCode, type Fix, fixOfCause, fixOfFinding } from "../frame/situation";

export const LINKS = ["on", "channel", "key", "budget"] as const;
export type Link = (typeof LINKS)[number];

export interface Check {
  link: Link;
  /** Unknown while something before it stands in the way of looking. */
  status: "good" | "bad" | "unknown";
  finding?: FindingCode;
  cause?: Cause;
  /** Said by the server, where we have no words of our own. */
  words?: string;
  fix?: Fix;
}

const LINK_OF: Record<FindingCode, Link> = {
  no_channel: "channel",
  no_key: "key",
  key_refused: "key",
  loop_paused: "key",
  budget_spent: "budget",
};

export function checks(agent: Instance, health: Health): Check[] {
  const on = switchedOn(agent, health);
  return LINKS.map((link) => {
    if (link === "on") return on;
    const found = health.findings.find(({ code }) => isFinding(code) && LINK_OF[code] === link);
    if (!found || !isFinding(found.code)) return { link, status: "good" };
    return { link, status: "bad", finding: found.code, fix: fixOfFinding(found.code) };
  });
}

function switchedOn(agent: Instance, health: Health): Check {
  if (agent.state === "running") return { link: "on", status: "good" };
  const said = health.findings.find(({ code }) => code === agent.state);
  if (agent.state === "error" || agent.state === "unknown")
    return {
      link: "on",
      status: agent.state === "error" ? "bad" : "unknown",
      cause: isCause(agent.cause) ? agent.cause : undefined,
      words: said?.message,
      fix: agent.state === "error" ? (fixOfCause(agent.cause) ?? "restart") : undefined,
    };
  return {
    link: "on",
    status: agent.state === "stopped" ? "bad" : "unknown",
    fix: agent.state === "stopped" ? "start" : undefined,
  };
}

const isFinding = (code: string): code is FindingCode => (FINDINGS as readonly string[]).includes(code);
const isCause = (cause: string | null | undefined): cause is Cause =>
  (CAUSES as readonly string[]).includes(cause ?? "");
