// What all tenants' calls cost, asked again while it is looked at.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";

export const EVERY_MS = 15_000;
export const FIRST_RANGE = 30;

type Schemas = components["schemas"];
export type Spend = Schemas["Spend"];
export type TenantCost = Schemas["TenantCost"];

export const spendQuery = (days: number) =>
  queryOptions({
    queryKey: [...keys.operator, "spend", days],
    queryFn: ({ signal }) => body(api.GET("/api/v1/operator/spend", { params: { query: { days } }, signal })),
    refetchInterval: EVERY_MS,
  });
