// The audit log as far as the reader may see it, newest first, page by page.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";

const PAGE = 50;
const EVERY_MS = 15_000;

export interface Wanted {
  /** Id of what it is about. */
  target?: string;
  /** Beginning of the action's name: `instance`. */
  action?: string;
  q?: string;
}

export function useHistory(wanted: Wanted) {
  const query = useInfiniteQuery({
    queryKey: [...keys.audit, wanted],
    queryFn: ({ pageParam, signal }) =>
      body(api.GET("/api/v1/audit", { params: { query: { ...wanted, after: pageParam, limit: PAGE } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // Only the first page grows; whoever reads further back is not moved.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) === 1 ? EVERY_MS : false),
    placeholderData: (before) => before,
  });
  const entries = useMemo(() => query.data?.pages.flatMap(({ items }) => items), [query.data]);
  return { ...query, entries };
}
