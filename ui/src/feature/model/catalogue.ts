// Which models a person may choose from: the vendors' catalogue, cut to what the plan allows. Pure but for the one query.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Model, Plan, Provider } from "~/api/types";

/** Answers by itself with a fixed text; for self-tests, not for people. */
const SELF_TEST = "canned";

export const providersQuery = queryOptions({
  queryKey: keys.providers,
  queryFn: async () => (await body(api.GET("/api/v1/providers"))).items,
  staleTime: 300_000,
});

export type Patterns = Pick<Plan, "allowed_models">;

/** The same rule as the server's: a `*` at the end matches the rest. */
export function allows(plan: Patterns, model: string): boolean {
  return plan.allowed_models.some((pattern) =>
    pattern.endsWith("*") ? model.startsWith(pattern.slice(0, -1)) : model === pattern,
  );
}

/** First part of `provider/model`. */
export const providerOf = (model: string): string => model.split("/", 1)[0] ?? "";

export const providerFor = (providers: Provider[], model: string | undefined): Provider | undefined =>
  model ? providers.find(({ id }) => id === providerOf(model)) : undefined;

export function modelFor(providers: Provider[], model: string | undefined): Model | undefined {
  return providerFor(providers, model)?.models.find((one) => one.model === model);
}

/** The name people know, or the id where the catalogue has none. */
export const modelName = (providers: Provider[], model: string): string =>
  modelFor(providers, model)?.name ?? model.slice(providerOf(model).length + 1);

export interface Group {
  provider: Provider;
  models: Model[];
}

/** What the plan allows, by vendor: those that need no key of one's own first, otherwise in the catalogue's order. */
export function groups(providers: Provider[], plan: Patterns): Group[] {
  return providers
    .filter(({ id }) => id !== SELF_TEST)
    .map((provider) => ({ provider, models: provider.models.filter(({ model }) => allows(plan, model)) }))
    .filter(({ models }) => models.length > 0)
    .sort((a, b) => Number(b.provider.platform_key) - Number(a.provider.platform_key));
}

export function search(all: Group[], words: string): Group[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return all;
  const hit = (provider: Provider, { name, model }: Model) => {
    const text = `${provider.name} ${name} ${model}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  return all
    .map(({ provider, models }) => ({ provider, models: models.filter((model) => hit(provider, model)) }))
    .filter(({ models }) => models.length > 0);
}

/** A model that no list names, typed as `vendor/model`: allowed where the plan's rule covers it. */
export function unlisted(providers: Provider[], plan: Patterns, typed: string): string | undefined {
  const model = typed.trim();
  const provider = providerFor(providers, model);
  const known = modelFor(providers, model) !== undefined;
  const plain = /^[\x21-\x7e]{1,128}$/.test(model.slice(providerOf(model).length + 1));
  return provider && !known && plain && allows(plan, model) ? model : undefined;
}
