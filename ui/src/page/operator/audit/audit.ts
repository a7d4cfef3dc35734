// The audit log as the API pages it, and the addresses of the same lines as a file.
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { usePaged } from "../list/paging";

export interface Filter {
  q?: string;
  action?: string;
  actor?: string;
  target?: string;
  from?: string;
  to?: string;
}

const LIMIT = 50;

export function useAudit(filter: Filter) {
  return usePaged({
    key: [...keys.audit, "all", filter],
    page: (after, signal) =>
      body(api.GET("/api/v1/audit", { params: { query: { ...filter, after, limit: LIMIT } }, signal })),
  });
}

/** A link, so that the browser itself saves it and nothing of it goes through the page. */
export function exportPath(format: "csv" | "json", filter: Filter): string {
  const query = new URLSearchParams({ format });
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
  return `/api/v1/audit/export?${query}`;
}
