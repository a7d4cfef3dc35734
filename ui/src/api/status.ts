// Whether Creel and what it stands on are there, asked every few seconds for as long as the page is looked at.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, body } from "./client";
import { keys } from "./keys";

/** Together with one missed answer this stays below the five seconds in which a person must be told. */
const EVERY_MS = 2_500;
const PATIENCE_MS = 2_000;

export type Trouble = "unreachable" | "database" | "engine" | "maintenance";

/** One look; whoever shows a page that can wait asks only this. */
export const statusQuery = queryOptions({
  queryKey: keys.status,
  queryFn: ({ signal }) =>
    body(api.GET("/api/v1/status", { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) })),
  retry: false,
});

export function useStatus() {
  return useQuery({
    ...statusQuery,
    refetchInterval: EVERY_MS,
    refetchIntervalInBackground: false,
    staleTime: 0,
  });
}

/** What is wrong right now, the worst first; nothing while it is not known. */
export function useTrouble(): { trouble?: Trouble; words?: string } {
  const { data, isError } = useStatus();
  if (isError) return { trouble: "unreachable" };
  if (!data) return {};
  if (data.database === "down") return { trouble: "database" };
  if (data.maintenance) return { trouble: "maintenance", words: data.maintenance };
  if (data.engine === "down") return { trouble: "engine" };
  return {};
}
