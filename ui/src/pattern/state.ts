// How a state looks everywhere: a colour, a word and an icon, never one of them alone.
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconHelpCircle,
  IconLoader2,
  IconPlayerPause,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Operation, State } from "~/api/types";

export type Tone = "good" | "busy" | "quiet" | "warn" | "bad";
export type Icon = ComponentType<{
  size?: number | string;
  stroke?: number;
  className?: string;
  "aria-hidden"?: boolean;
}>;

export interface Look {
  tone: Tone;
  icon: Icon;
  /** Whether the icon turns: something is happening now. */
  turns?: boolean;
}

export const STATES: Record<State, Look> = {
  creating: { tone: "busy", icon: IconLoader2, turns: true },
  starting: { tone: "busy", icon: IconLoader2, turns: true },
  running: { tone: "good", icon: IconCircleCheck },
  stopping: { tone: "busy", icon: IconLoader2, turns: true },
  stopped: { tone: "quiet", icon: IconPlayerPause },
  error: { tone: "bad", icon: IconAlertTriangle },
  unknown: { tone: "warn", icon: IconHelpCircle },
  deleting: { tone: "busy", icon: IconTrash },
};

export const STATUSES: Record<Operation["status"], Look> = {
  pending: { tone: "quiet", icon: IconCircleDashed },
  running: { tone: "busy", icon: IconLoader2, turns: true },
  succeeded: { tone: "good", icon: IconCircleCheck },
  failed: { tone: "bad", icon: IconX },
  superseded: { tone: "quiet", icon: IconCircleDashed },
};
