// All agents of the tenant: the first page at once, the others in the background, everything asked again every few seconds.
import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Instance } from "~/api/types";

/** The most the server gives in one answer. */
const PAGE = 200;
const EVERY_MS = 5_000;

export const agentsQuery = infiniteQueryOptions({
  queryKey: [...keys.instances, "all"],
  queryFn: ({ pageParam, signal }) =>
    body(api.GET("/api/v1/instances", { params: { query: { limit: PAGE, after: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next ?? undefined,
  refetchInterval: EVERY_MS,
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
