// The vendors' keys as the llm proxy of this process sees them.
import { IconCircleCheck, IconPlayerPause, IconRefreshAlert } from "@tabler/icons-react";
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import type { Look } from "~/pattern/state";

export const EVERY_MS = 5_000;

export type Upstream = components["schemas"]["UpstreamView"];
type State = Upstream["state"];
type Owner = Upstream["owned_by"];

export const upstreamsQuery = queryOptions({
  queryKey: [...keys.operator, "upstreams"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/operator/upstreams", { signal })),
  refetchInterval: EVERY_MS,
});

export const LOOKS: Record<State, Look> = {
  closed: { tone: "good", icon: IconCircleCheck },
  half_open: { tone: "warn", icon: IconRefreshAlert },
  open: { tone: "bad", icon: IconPlayerPause },
};

const WEIGHT: Record<State, number> = { open: 2, half_open: 1, closed: 0 };

export const worst = (items: Pick<Upstream, "state">[]): State =>
  items.reduce<State>((found, { state }) => (WEIGHT[state] > WEIGHT[found] ? state : found), "closed");

interface Keyed {
  id: string;
  key: Upstream;
}

/** The platform's keys first; of each those in trouble first, then by vendor. Places do not change with the figures. */
export function byOwner(items: Upstream[]): { owner: Owner; keys: Keyed[] }[] {
  const name = (one: Upstream) => `${one.provider} ${one.key_last4 ?? ""}`;
  return (["platform", "tenant"] as const)
    .map((owner) => ({
      owner,
      keys: items
        .filter((one) => one.owned_by === owner)
        .sort((a, b) => WEIGHT[b.state] - WEIGHT[a.state] || (name(a) < name(b) ? -1 : 1))
        // Two keys may end in the same four characters.
        .map((key, at, all) => ({
          id: `${name(key)} ${all.slice(0, at).filter((other) => name(other) === name(key)).length}`,
          key,
        })),
    }))
    .filter((group) => group.keys.length > 0);
}
