// A change of an agent's settings: only what differs is sent, and the operation that applies it is followed.
import { useMutation } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import type { components } from "~/api/schema";
import { useFollow } from "../frame/wish";

export type Patch = components["schemas"]["ChangeInstance"];

export function useChange(slug: string) {
  const follow = useFollow(slug);
  return useMutation({
    mutationFn: (patch: Patch) =>
      body(api.PATCH("/api/v1/instances/{slug}", { params: { path: { slug } }, body: patch })),
    onSuccess: ({ instance, operation }) => follow(operation, instance),
  });
}
