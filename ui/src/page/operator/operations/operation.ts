// A change as the operator's list tells it.
import type { components } from "~/api/schema";

export type FleetOperation = components["schemas"]["FleetOperation"];

/** How long it took, or has taken so far, milliseconds. */
export function tookMs(row: Pick<FleetOperation, "created_at" | "finished_at">, now: Date): number {
  const end = row.finished_at ? new Date(row.finished_at) : now;
  return Math.max(0, end.getTime() - new Date(row.created_at).getTime());
}
