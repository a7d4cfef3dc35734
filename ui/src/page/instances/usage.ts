// What all agents of the tenant used in the last days.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";

const EVERY_MS = 15_000;

export const tenantUsageQuery = (days: number) =>
  queryOptions({
    queryKey: [...keys.usage, days],
    queryFn: () => body(api.GET("/api/v1/usage", { params: { query: { days } } })),
    refetchInterval: EVERY_MS,
  });
