// Who is signed in, as far as the server says.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";

export const meQuery = queryOptions({
  queryKey: keys.me,
  queryFn: () => body(api.GET("/api/v1/me")),
  staleTime: 60_000,
});

/** The signed-in person; only below the route that asked for them first. */
export function useMe() {
  return useQuery(meQuery).data;
}
