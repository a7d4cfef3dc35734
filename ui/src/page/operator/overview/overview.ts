// The figures of the whole platform, asked every five seconds while they are looked at.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";

export const EVERY_MS = 5_000;

export type Overview = components["schemas"]["Overview"];
export type Host = components["schemas"]["HostView"];
export type DayCost = components["schemas"]["DayCost"];

export const overviewQuery = queryOptions({
  queryKey: [...keys.operator, "overview"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/operator/overview", { signal })),
  refetchInterval: EVERY_MS,
});
