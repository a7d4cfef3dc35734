// The plans there are, the cheapest first.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";

export const plansQuery = queryOptions({
  queryKey: keys.plans,
  queryFn: () => body(api.GET("/api/v1/plans")),
  staleTime: 300_000,
  select: ({ items }) => items.toSorted((a, b) => a.price_nano_usd - b.price_nano_usd),
});
