// OpenClaw releases, newest first.
import { queryOptions } from "@tanstack/react-query";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";

export type Release = components["schemas"]["ReleaseView"];

export const releasesQuery = queryOptions({
  queryKey: keys.releases,
  queryFn: () => body(api.GET("/api/v1/releases")),
});
