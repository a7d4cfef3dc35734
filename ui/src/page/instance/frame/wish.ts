// Start, stop, restart and delete: what is wished shows at once, and what the server says about it replaces that.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Instance, Operation, State } from "~/api/types";
import { agentQuery } from "../agent";

export type Wish = "start" | "stop" | "restart" | "delete";

const SHOWN: Record<Wish, State> = { start: "starting", stop: "stopping", restart: "stopping", delete: "deleting" };

const DESIRED = { start: "running", stop: "stopped", restart: "running", delete: "deleted" } as const;

function ask(slug: string, wish: Wish): Promise<Operation> {
  const params = { path: { slug } };
  switch (wish) {
    case "start":
      return body(api.POST("/api/v1/instances/{slug}/start", { params }));
    case "stop":
      return body(api.POST("/api/v1/instances/{slug}/stop", { params }));
    case "restart":
      return body(api.POST("/api/v1/instances/{slug}/restart", { params }));
    case "delete":
      return body(api.DELETE("/api/v1/instances/{slug}", { params }));
  }
}

export function useWish(slug: string) {
  const cache = useQueryClient();
  const follow = useFollow(slug);
  const { queryKey } = agentQuery(slug);
  return useMutation({
    mutationFn: (wish: Wish) => ask(slug, wish),
    onMutate: async (wish) => {
      await cache.cancelQueries({ queryKey, exact: true });
      const before = cache.getQueryData(queryKey);
      cache.setQueryData(queryKey, (now) => now && { ...now, state: SHOWN[wish], desired: DESIRED[wish] });
      return { before };
    },
    onError: (_error, _wish, shown) => cache.setQueryData(queryKey, shown?.before),
    onSuccess: (operation) => follow(operation),
  });
}

/** Puts an operation that was just begun where the frame shows it, and asks anew what it changes. */
export function useFollow(slug: string) {
  const cache = useQueryClient();
  return (operation: Operation | null | undefined, changed?: Instance) => {
    const { queryKey } = agentQuery(slug);
    if (changed) cache.setQueryData(queryKey, changed);
    if (operation) {
      cache.setQueryData(keys.operation(operation.id), operation);
      const { id, kind, status } = operation;
      cache.setQueryData(queryKey, (now) => now && { ...now, operation: { id, kind, status } });
    }
    void cache.invalidateQueries({ queryKey });
    void cache.invalidateQueries({ queryKey: keys.instances });
  };
}
