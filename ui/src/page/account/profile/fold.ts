// A form behind a button: the focus goes into it when it opens, and back to the button when it closes.
import { useEffect, useRef, useState } from "react";

export function useFold() {
  const [open, setOpen] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (open) first.current?.focus();
    else if (moved.current) trigger.current?.focus();
    moved.current = open;
  }, [open]);
  return { open, show: () => setOpen(true), hide: () => setOpen(false), first, trigger };
}
