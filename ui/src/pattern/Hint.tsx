// A tooltip that costs nothing until the pointer comes near: lists have dozens of them, and each of the library's is drawn three times while
// the page appears. For what is no control; whoever works by keyboard must be told in another way.
import { Tooltip } from "@mantine/core";
import { cloneElement, type MouseEvent, type ReactElement, useEffect, useRef, useState } from "react";

const DELAY_MS = 350;

interface Near {
  onMouseEnter?: (event: MouseEvent<HTMLElement | SVGElement>) => void;
  onMouseLeave?: () => void;
}

export function Hint({ label, children }: { label: () => string; children: ReactElement<Near> }) {
  const [target, setTarget] = useState<HTMLElement>();
  const [opened, setOpened] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const near = cloneElement(children, {
    onMouseEnter: ({ currentTarget }) => {
      // An icon is placed like any element; only its type says otherwise.
      setTarget(currentTarget as HTMLElement);
      timer.current = setTimeout(setOpened, DELAY_MS, true);
    },
    onMouseLeave: () => {
      clearTimeout(timer.current);
      setOpened(false);
    },
  });
  return (
    <>
      {near}
      {target && <Tooltip target={{ current: target }} opened={opened} label={label()} />}
    </>
  );
}
