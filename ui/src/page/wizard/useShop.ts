// What the steps offer: plans, vendors, and the addresses that are taken.
import { useQueries } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { providersQuery } from "~/feature/model/catalogue";
import type { Shop } from "./step";

const plansQuery = {
  queryKey: keys.plans,
  queryFn: async () => body(api.GET("/api/v1/plans")),
  staleTime: 300_000,
};

const takenQuery = {
  queryKey: [...keys.instances, "taken"],
  queryFn: async () => {
    const { items } = await body(api.GET("/api/v1/instances", { params: { query: { limit: 200 } } }));
    return items.filter(({ state }) => state !== "deleting").map(({ slug }) => slug);
  },
};

export function useShop() {
  const [plans, providers, taken] = useQueries({ queries: [plansQuery, providersQuery, takenQuery] });
  const all = [plans, providers, taken];
  const data: Shop | undefined =
    plans.data && providers.data && taken.data
      ? {
          plans: [...plans.data.items].sort((a, b) => a.price_nano_usd - b.price_nano_usd),
          providers: providers.data,
          taken: taken.data,
        }
      : undefined;
  return {
    data,
    error: all.find(({ error }) => error)?.error,
    isPending: all.some(({ isPending }) => isPending),
    refetch: () => all.map((one) => one.error && one.refetch()),
  };
}
