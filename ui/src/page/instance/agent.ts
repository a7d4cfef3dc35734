// The agent a page is about: asked for by the frame, found by everything inside it.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { createContext, useContext } from "react";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Instance } from "~/api/types";
import { useMe } from "~/session/me";

const EVERY_MS = 5_000;
/** What costs the engine or the database more is asked less often. */
const SLOWLY_MS = 10_000;

const route = getRouteApi("/app/instances/$slug");

export const useSlug = (): string => route.useParams().slug;

export const agentQuery = (slug: string) =>
  queryOptions({
    queryKey: keys.instance(slug),
    queryFn: () => body(api.GET("/api/v1/instances/{slug}", { params: { path: { slug } } })),
    refetchInterval: EVERY_MS,
  });

const Context = createContext<Instance | undefined>(undefined);
export const AgentProvider = Context.Provider;

export function useAgent(): Instance {
  const agent = useContext(Context);
  if (!agent) throw new Error("only below the agent's frame");
  return agent;
}

/** Whether the reader may change things, or only look. The server decides; this hides what it would refuse. */
export const useMayChange = (): boolean => useMe()?.role !== "viewer";

export function useHealth(slug: string) {
  return useQuery({
    queryKey: [...keys.instance(slug), "health"],
    queryFn: () => body(api.GET("/api/v1/instances/{slug}/health", { params: { path: { slug } } })),
    refetchInterval: EVERY_MS,
  });
}

/** The newest operations, the running one first. */
export function useOperations(slug: string) {
  return useQuery({
    queryKey: [...keys.instance(slug), "operations"],
    queryFn: () =>
      body(api.GET("/api/v1/instances/{slug}/operations", { params: { path: { slug }, query: { limit: 10 } } })),
    refetchInterval: EVERY_MS,
  });
}

export function useStats(slug: string, enabled: boolean) {
  return useQuery({
    queryKey: [...keys.instance(slug), "stats"],
    queryFn: () => body(api.GET("/api/v1/instances/{slug}/stats", { params: { path: { slug } } })),
    refetchInterval: EVERY_MS,
    enabled,
    retry: false,
  });
}

export function useUsage(slug: string, days: number, every = SLOWLY_MS) {
  return useQuery({
    queryKey: [...keys.instance(slug), "usage", days],
    queryFn: () => body(api.GET("/api/v1/instances/{slug}/usage", { params: { path: { slug }, query: { days } } })),
    refetchInterval: every,
    placeholderData: (before) => before,
  });
}
