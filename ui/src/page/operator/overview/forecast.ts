// How many more agents would fit, as far as it can be said honestly: free memory divided by a plan's memory limit. What running agents may still grow by is not counted, so the words say "about" and name the limit.
import type { Plan } from "~/api/types";

const MIB = 1024 * 1024;
/** The host itself needs room to breathe: a share of all memory is never promised. */
const KEPT = 0.05;

export interface Room {
  plan: string;
  agents: number;
  memoryBytes: number;
}

/** By plan, the smallest first; plans of the same size are one. */
export function room(totalBytes: number, usedBytes: number, plans: Pick<Plan, "name" | "memory_mib">[]): Room[] {
  const free = Math.max(0, totalBytes * (1 - KEPT) - usedBytes);
  const bySize = new Map<number, string>();
  for (const { name, memory_mib } of plans) if (!bySize.has(memory_mib)) bySize.set(memory_mib, name);
  return [...bySize]
    .sort(([a], [b]) => a - b)
    .map(([mib, plan]) => ({ plan, memoryBytes: mib * MIB, agents: Math.floor(free / (mib * MIB)) }));
}
