// Where the person was lately in this tab. Kept by the tab, per person, so that nothing of it outlives them.
import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMe } from "~/session/me";

const MOST = 6;
const keyOf = (person: string) => `creel.recent.${person}`;

export function recent(person: string): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(person)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((path) => typeof path === "string") : [];
  } catch {
    return [];
  }
}

/** The newest first, none twice. */
export const withVisit = (paths: string[], path: string): string[] =>
  [path, ...paths.filter((other) => other !== path)].slice(0, MOST);

/** A tab of an agent is a visit of the agent. */
export function placeOf(path: string): string {
  return path.match(/^\/instances\/[^/]+/)?.[0] ?? path;
}

export function useVisits() {
  const person = useMe()?.id;
  const path = useRouterState({ select: (state) => placeOf(state.location.pathname) });
  useEffect(() => {
    if (!person) return;
    try {
      sessionStorage.setItem(keyOf(person), JSON.stringify(withVisit(recent(person), path)));
    } catch {
      // A browser that keeps nothing has no recent places.
    }
  }, [person, path]);
}
