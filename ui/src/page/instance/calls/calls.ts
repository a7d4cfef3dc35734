// The newest model calls of an agent, page by page. What was said in them is not kept anywhere.
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";

const PAGE = 25;
const EVERY_MS = 5_000;

export function useCalls(slug: string, failed: boolean) {
  const query = useInfiniteQuery({
    queryKey: [...keys.instance(slug), "calls", failed],
    queryFn: ({ pageParam, signal }) => {
      const asked = { limit: PAGE, before: pageParam, ...(failed && { failed }) };
      return body(api.GET("/api/v1/instances/{slug}/calls", { params: { path: { slug }, query: asked }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    // Only the first page grows; whoever reads further back is not moved.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 1) === 1 ? EVERY_MS : false),
    placeholderData: (before) => before,
  });
  const rows = useMemo(() => query.data?.pages.flatMap(({ items }) => items), [query.data]);
  return { ...query, rows };
}
