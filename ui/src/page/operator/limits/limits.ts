// The limits that staff set, and changing one of them. The API replaces all limits of a scope at once, so a change begins with what is in force now.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import { type Limit, sameKind } from "~/feature/limit/read";

/** Gauges are looked at live. */
const EVERY_MS = 5_000;

export type OperatorLimit = components["schemas"]["OperatorLimit"];
export type Kind = "tenant" | "key";

export const limitsQuery = queryOptions({
  queryKey: [...keys.operator, "limits"],
  queryFn: async ({ signal }) => (await body(api.GET("/api/v1/operator/limits", { signal }))).items,
  refetchInterval: EVERY_MS,
});

export interface Group {
  scope: string;
  name: string;
  limits: OperatorLimit[];
}

export const kindOf = (scope: string): Kind => (scope.startsWith("key_") ? "key" : "tenant");

/** Those of one kind by whom they hold for, by name. */
export function groups(all: OperatorLimit[], kind: Kind, language: string): Group[] {
  const found = new Map<string, Group>();
  for (const limit of all) {
    if (kindOf(limit.scope) !== kind) continue;
    const group = found.get(limit.scope) ?? { scope: limit.scope, name: limit.name || limit.scope, limits: [] };
    group.limits.push(limit);
    found.set(limit.scope, group);
  }
  const words = new Intl.Collator(language, { numeric: true, sensitivity: "base" });
  return [...found.values()].sort((a, b) => words.compare(a.name, b.name) || (a.scope < b.scope ? -1 : 1));
}

export const bare = ({ unit, window, amount }: Limit): Limit => ({ unit, window, amount });

export const without = (limits: Limit[], gone: Omit<Limit, "amount">): Limit[] =>
  limits.filter((limit) => !sameKind(limit, gone));

/** The new one in the place of the one it was made of, or at the end. */
export function withLimit(limits: Limit[], wanted: Limit, instead?: Limit): Limit[] {
  const rest = without(limits, wanted);
  const at = limits.findIndex((limit) => sameKind(limit, instead ?? wanted));
  const kept = instead ? without(rest, instead) : rest;
  return at < 0 ? [...kept, wanted] : kept.toSpliced(Math.min(at, kept.length), 0, wanted);
}

interface Change {
  scope: string;
  edit: (limits: Limit[]) => Limit[];
}

export function useChange() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ scope, edit }: Change) => {
      const all = await cache.fetchQuery({ ...limitsQuery, staleTime: 0 });
      const limits = edit(all.filter((limit) => limit.scope === scope).map(bare));
      return body(api.PUT("/api/v1/operator/limits/{scope}", { params: { path: { scope } }, body: { limits } }));
    },
    onSuccess: ({ items }, { scope }) => {
      cache.setQueryData(limitsQuery.queryKey, (all) => all && replaced(all, scope, items));
      void cache.invalidateQueries({ queryKey: limitsQuery.queryKey });
    },
  });
}

const replaced = (all: OperatorLimit[], scope: string, items: OperatorLimit[]): OperatorLimit[] => [
  ...all.filter((limit) => limit.scope !== scope),
  ...items,
];
