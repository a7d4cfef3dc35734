// All agents of the tenant: the first hundreds at once, all others together in the background, everything asked again every few seconds.
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Instance } from "~/api/types";
import { groupOf } from "./filter";

/** The most the server gives in one answer. */
const PAGE = 200;
/** While anything is being done to an agent, and otherwise: all of them are asked for each time. */
const MOVING_MS = 5_000;
const RESTING_MS = 15_000;

interface Part {
  items: Instance[];
  next?: string | null;
}

function ask(after: string | undefined, signal: AbortSignal): Promise<Part> {
  return body(api.GET("/api/v1/instances", { params: { query: { limit: PAGE, after } }, signal }));
}

/** So many answers come as one: each arrival sorts and draws the list anew, and rows would move while somebody reaches for them. */
const TOGETHER = 3;

async function askOn(after: string | undefined, signal: AbortSignal): Promise<Part> {
  const first = await ask(after, signal);
  const most = after ? Number.POSITIVE_INFINITY : TOGETHER;
  const items = first.items;
  let next = first.next;
  for (let asked = 1; next && asked < most; asked += 1) {
    const part = await ask(next, signal);
    items.push(...part.items);
    next = part.next;
  }
  return { items, next };
}

export const agentsQuery = infiniteQueryOptions({
  queryKey: [...keys.instances, "all"],
  queryFn: ({ pageParam, signal }) => askOn(pageParam, signal),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page: Part) => page.next ?? undefined,
  refetchInterval: ({ state }) =>
    state.data?.pages.some(({ items }) => items.some((agent) => groupOf(agent) === "working")) ? MOVING_MS : RESTING_MS,
});

export function useAgents() {
  const query = useInfiniteQuery(agentsQuery);
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const rows = useMemo<Instance[] | undefined>(() => data?.pages.flatMap((page) => page.items), [data]);
  return { rows, complete: data !== undefined && !hasNextPage, error: query.error, refetch: query.refetch };
}
