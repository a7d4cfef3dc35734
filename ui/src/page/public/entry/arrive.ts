// Into the console after signing in: nothing of whoever was here before is kept.
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { keys } from "~/api/keys";

export function useArrive() {
  const cache = useQueryClient();
  const router = useRouter();
  /** `path` is one of our own, see session/own_path. */
  return (path: string) => {
    cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.status[0] });
    router.history.push(path);
  };
}
