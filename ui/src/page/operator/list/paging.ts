// A list of the API read page by page, as one list. Old rows stay while a changed filter is answered.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

interface Page<R> {
  items: R[];
  next?: string | null;
  total?: number;
}

interface Asked<R> {
  key: readonly unknown[];
  page: (after: string | undefined, signal: AbortSignal) => Promise<Page<R>>;
  /** Asked again this often, milliseconds. */
  every?: number;
}

export interface Paged<R> {
  rows: R[] | undefined;
  /** Rows there are altogether, where the API says so. */
  total?: number;
  error: Error | null;
  /** When the shown rows were true. */
  at: number;
  /** Rows of the filter before, until this one's are here. */
  old: boolean;
  refetch: () => void;
  more: { has: boolean; busy: boolean; load: () => void };
}

export function usePaged<R>({ key, page, every }: Asked<R>): Paged<R> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => page(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: every ?? false,
    placeholderData: keepPreviousData,
  });
  const { data, fetchNextPage } = query;
  const rows = useMemo(() => data?.pages.flatMap((one) => one.items), [data]);
  return {
    rows,
    total: data?.pages.at(-1)?.total,
    error: query.error,
    at: query.dataUpdatedAt,
    old: query.isPlaceholderData,
    refetch: () => void query.refetch(),
    more: { has: query.hasNextPage, busy: query.isFetchingNextPage, load: () => void fetchNextPage() },
  };
}
