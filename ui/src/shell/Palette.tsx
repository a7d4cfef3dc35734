// The door to the command palette: its keys are known at once, the palette itself is fetched when it is first asked for.
import { type ComponentType, useEffect, useState, useSyncExternalStore } from "react";
import { useVisits } from "./palette/recent";

let asked = 0;
const listeners = new Set<() => void>();

export function openPalette() {
  asked += 1;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Palette() {
  const times = useSyncExternalStore(subscribe, () => asked);
  const [Panel, setPanel] = useState<ComponentType<{ times: number }>>();
  useVisits();
  useKeys();
  // A palette that could not be fetched is asked for again the next time.
  useEffect(() => {
    if (times === 0 || Panel) return;
    import("./palette/Panel").then(
      (part) => setPanel(() => part.Panel),
      () => undefined,
    );
  }, [times, Panel]);
  return Panel ? <Panel times={times} /> : null;
}

function useKeys() {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!isCall(event)) return;
      event.preventDefault();
      openPalette();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
}

/** Ctrl or Cmd with K anywhere; a slash where it is not being typed. Some keyboards have the slash on Shift. */
function isCall(event: KeyboardEvent): boolean {
  const mod = event.ctrlKey || event.metaKey;
  if (mod && !event.altKey && !event.shiftKey) return event.key.toLowerCase() === "k";
  return event.key === "/" && !mod && !event.altKey && !isTyping(event.target);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select");
}
