// Keyboard in a list of which most rows do not exist: the focused row is kept alive, and arrows carry the focus to its neighbours.
import { defaultRangeExtractor, type Range } from "@tanstack/react-virtual";
import { type FocusEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";

const CONTROLS = "a[href], button:not(:disabled), input:not(:disabled), [tabindex='0']";
/** Keys that belong to a control of their own. */
const OWN_KEYS = "input:not([type=checkbox]), select, textarea, [role=menu]";

export function useRowFocus() {
  const [kept, setKept] = useState<number>();
  const wish = useRef<{ body: HTMLElement; index: number; nth: number }>(undefined);

  const keep = useCallback(
    (range: Range) => {
      const seen = defaultRangeExtractor(range);
      if (kept === undefined || kept >= range.count || seen.includes(kept)) return seen;
      return [...seen, kept].sort((a, b) => a - b);
    },
    [kept],
  );

  // The wished row exists one drawing later.
  useEffect(() => {
    if (!wish.current) return;
    const { body, index, nth } = wish.current;
    const controls = body.querySelector(`[data-index="${index}"]`)?.querySelectorAll<HTMLElement>(CONTROLS);
    if (!controls?.length) return;
    wish.current = undefined;
    (controls[nth] ?? controls[0])?.focus({ preventScroll: true });
  });

  return {
    keep,
    onFocus: (event: FocusEvent) => setKept(indexOf(event.target)),
    onBlur: (event: FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) setKept(undefined);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>, count: number, scroll: (index: number) => void) => {
      const target = event.target as HTMLElement;
      const from = indexOf(target);
      if (from === undefined || event.altKey || event.ctrlKey || event.metaKey || target.closest(OWN_KEYS)) return;
      const to = goal(event.key, from, count);
      if (to === undefined) return;
      event.preventDefault();
      const row = target.closest("[data-index]");
      const nth = row ? [...row.querySelectorAll(CONTROLS)].indexOf(target) : 0;
      wish.current = { body: event.currentTarget, index: to, nth };
      scroll(to);
      setKept(to);
    },
  };
}

function indexOf(target: EventTarget): number | undefined {
  const row = (target as Element).closest<HTMLElement>("[data-index]");
  return row ? Number(row.dataset.index) : undefined;
}

const PAGE = 10;

/** Where a key leads, or nowhere. */
export function goal(key: string, from: number, count: number): number | undefined {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, from + step));
}
