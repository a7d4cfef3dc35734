// How a call ended: a colour, an icon and a word for each. Pure.
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconClockPause,
  IconKey,
  IconPlugConnectedX,
  IconScissors,
} from "@tabler/icons-react";
import type { ModelCall } from "~/api/types";
import type { Look } from "~/pattern/state";

export type Outcome = ModelCall["outcome"];

export const OUTCOMES: Record<Outcome, Look> = {
  answered: { tone: "good", icon: IconCircleCheck },
  estimated: { tone: "warn", icon: IconScissors },
  refused_key: { tone: "bad", icon: IconKey },
  rate_limited: { tone: "warn", icon: IconClockPause },
  failed: { tone: "bad", icon: IconAlertTriangle },
  client_left: { tone: "quiet", icon: IconPlugConnectedX },
};

/** Creel's own status for calls that it did not see the end of. */
const STOPPED = 598;

export type Reason = { key: "stopped" | "vendor"; status: number };

/** What is worth saying beside the word: why a call failed, as far as it is known. */
export function reason({ outcome, status }: Pick<ModelCall, "outcome" | "status">): Reason | undefined {
  if (status === STOPPED) return { key: "stopped", status };
  const told = outcome === "failed" || outcome === "rate_limited" || outcome === "refused_key";
  return told && status >= 400 ? { key: "vendor", status } : undefined;
}
