// A long change, followed live: the answer is asked again at every event of its stream, which the browser resumes by itself after a cut.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, body } from "./client";
import { keys } from "./keys";
import type { Operation } from "./types";

/** Where no event stream gets through, the answer is asked again this often, milliseconds. */
const FALLBACK_MS = 4_000;

export const isOver = (operation: Pick<Operation, "status">): boolean =>
  operation.status === "succeeded" || operation.status === "failed" || operation.status === "superseded";

export function useOperation(id: string | undefined) {
  const cache = useQueryClient();
  const query = useQuery({
    queryKey: keys.operation(id ?? ""),
    queryFn: () => body(api.GET("/api/v1/operations/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : FALLBACK_MS),
  });
  const over = query.data ? isOver(query.data) : false;

  useEffect(() => {
    if (!id || over) return;
    const events = new EventSource(`/api/v1/operations/${encodeURIComponent(id)}/events`);
    const again = () => void cache.invalidateQueries({ queryKey: keys.operation(id) });
    events.addEventListener("operation", again);
    events.addEventListener("step", again);
    return () => events.close();
  }, [id, over, cache]);

  // Whatever an ended operation changed is old now.
  useEffect(() => {
    if (!over) return;
    for (const key of [keys.instances, keys.operations, keys.notifications, ["instance"]]) {
      void cache.invalidateQueries({ queryKey: key });
    }
  }, [over, cache]);

  return query;
}
