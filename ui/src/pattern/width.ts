// How wide the window is, in the steps that lists know. The same steps as in DataTable.module.css.
import { useSyncExternalStore } from "react";

export const WIDTHS = { sm: 640, md: 900, lg: 1180 } as const;
export type Width = keyof typeof WIDTHS;

const watched = Object.entries(WIDTHS).map(([name, from]) => ({
  name,
  query: globalThis.matchMedia?.(`(min-width: ${from}px)`),
}));

function subscribe(listener: () => void): () => void {
  for (const { query } of watched) query?.addEventListener("change", listener);
  return () => {
    for (const { query } of watched) query?.removeEventListener("change", listener);
  };
}

const reached = () => watched.filter(({ query }) => query?.matches).length;

/** Whether the window is at least this wide, said anew when it changes. */
export function useWidth(): (from: Width) => boolean {
  const steps = useSyncExternalStore(subscribe, reached);
  return (from) => watched.findIndex(({ name }) => name === from) < steps;
}
