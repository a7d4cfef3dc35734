// What models are called, for lists and charts.
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { modelName, providersQuery } from "~/feature/model/catalogue";

export function useModelName(): (model: string) => string {
  const { data } = useQuery(providersQuery);
  return useCallback((model) => modelName(data ?? [], model), [data]);
}
