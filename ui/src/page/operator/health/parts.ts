// The parts Creel stands on, as the server judges them, and how a judgement looks.

import {
  IconAlertTriangle,
  IconCircleCheck,
  IconContainer,
  IconDatabase,
  IconHelpCircle,
  IconReceipt,
  IconRefreshDot,
  IconRoute,
  IconServer,
  IconX,
} from "@tabler/icons-react";
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import type { Icon, Look } from "~/pattern/state";

export const EVERY_MS = 5_000;

type View = components["schemas"]["PartView"];
export type Part = Omit<View, "status"> & { status: "ok" | "warning" | "down" | "unknown" };

/** A judgement that this console does not know is none. */
function read(part: View): Part {
  const status = (Object.keys(LOOKS) as Part["status"][]).find((known) => known === part.status);
  return { ...part, status: status ?? "unknown" };
}

export const partsQuery = queryOptions({
  queryKey: [...keys.operator, "health"],
  queryFn: async ({ signal }) => {
    const { items, at } = await body(api.GET("/api/v1/operator/health", { signal }));
    return { items: items.map(read), at };
  },
  refetchInterval: EVERY_MS,
});

export const LOOKS: Record<Part["status"], Look> = {
  ok: { tone: "good", icon: IconCircleCheck },
  warning: { tone: "warn", icon: IconAlertTriangle },
  down: { tone: "bad", icon: IconX },
  unknown: { tone: "quiet", icon: IconHelpCircle },
};

export const ICONS: Record<Part["id"], Icon> = {
  engine: IconContainer,
  database: IconDatabase,
  proxies: IconRoute,
  ledger: IconReceipt,
  reconciler: IconRefreshDot,
  host: IconServer,
};

const WEIGHT: Record<Part["status"], number> = { down: 3, warning: 2, unknown: 1, ok: 0 };

/** The judgement of the whole: that of its worst part. */
export const worst = (parts: Pick<Part, "status">[]): Part["status"] =>
  parts.reduce<Part["status"]>((found, { status }) => (WEIGHT[status] > WEIGHT[found] ? status : found), "ok");
