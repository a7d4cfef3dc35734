// How one gets in here, as far as a visitor may know it.
import { useQuery } from "@tanstack/react-query";
import { statusQuery } from "~/api/status";
import { meQuery } from "~/session/me";

/** This rarely changes; it is asked once per visit, milliseconds. */
const FRESH_MS = 60_000;

export type Entry = "console" | "setup" | "signup" | "login";

/** `asksWho`: not where the route has found out already that nobody is signed in. */
export function useHouse({ asksWho = false } = {}) {
  const { data: me } = useQuery({ ...meQuery, retry: false, enabled: asksWho });
  const { data: status } = useQuery({ ...statusQuery, staleTime: FRESH_MS });
  // Until the answer is there the page shows what holds for most.
  const open = status?.signup_open ?? true;
  const entry: Entry = me ? "console" : status?.setup_needed ? "setup" : open ? "signup" : "login";
  return { entry, known: status !== undefined, version: status?.version, signedIn: me !== undefined };
}
