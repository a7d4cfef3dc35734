// Which notifications are worth a toast: ends of changes that came in since the last look and belong to an agent whose page is not open.
import type { Notification } from "~/api/types";

/** A bulk change of hundreds must not fill the screen. */
const MOST = 3;

export function arrived(items: Notification[], known: Set<string> | undefined, path: string): Notification[] {
  if (!known) return [];
  return items
    .filter((item) => !known.has(item.id) && item.unread)
    .filter((item) => item.kind === "operation_succeeded" || item.kind === "operation_failed")
    .filter((item) => !isBelow(path, item.instance?.slug))
    .slice(0, MOST);
}

function isBelow(path: string, slug: string | undefined): boolean {
  return slug !== undefined && (path === `/instances/${slug}` || path.startsWith(`/instances/${slug}/`));
}
