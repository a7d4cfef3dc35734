// All agents of the platform, filtered by the server, and bulk changes of them.
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import { usePaged } from "../list/paging";

export type FleetRow = components["schemas"]["FleetRow"];
export type BulkItem = components["schemas"]["BulkItem"];
export type BulkResult = components["schemas"]["BulkResult"];
export type Action = components["schemas"]["BulkRequest"]["action"];

export interface Filter {
  q?: string;
  state?: FleetRow["state"];
  plan?: string;
  release?: string;
  tenant?: string;
}

export const EVERY_MS = 5_000;
const PAGE = 200;
/** The API takes this many at once. */
const AT_ONCE = 500;

const page = (filter: Filter, after?: string, signal?: AbortSignal) =>
  body(api.GET("/api/v1/operator/instances", { params: { query: { ...filter, after, limit: PAGE } }, signal }));

export const fleetKey = [...keys.operator, "instances"] as const;

export function useFleet(filter: Filter) {
  return usePaged({
    key: [...fleetKey, filter],
    page: (after, signal) => page(filter, after, signal),
    every: EVERY_MS,
  });
}

/** Every id that matches, also those that were not scrolled to. */
export async function matchingIds(filter: Filter): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const { items, next } = await page(filter, after);
    ids.push(...items.map(({ id }) => id));
    after = next ?? undefined;
  } while (after);
  return ids;
}

/** In portions the API takes; what it says about all of them is one answer. */
export async function bulk(action: Action, ids: string[], dry_run: boolean): Promise<BulkResult> {
  const all: BulkResult = { dry_run, items: [], affected: 0 };
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const instances = ids.slice(from, from + AT_ONCE);
    const part = await body(api.POST("/api/v1/operator/instances/bulk", { body: { action, instances, dry_run } }));
    all.items.push(...part.items);
    all.affected += part.affected;
  }
  return all;
}
