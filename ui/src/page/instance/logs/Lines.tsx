// The lines themselves: only the visible ones exist, the newest stay in sight until the reader scrolls away.
import { ActionIcon, Button } from "@mantine/core";
import { IconArrowDown, IconFold } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import { clock, exact } from "~/format/time";
import { cut, type Line } from "./buffer";
import classes from "./Logs.module.css";

const LINE_PX = 21;
/** Longer lines are folded. */
const FOLD = 400;
/** This near the end counts as the end, pixels. */
const END_PX = 40;

export function Lines({ lines, search }: { lines: Line[]; search: string }) {
  const { t } = useTranslation("instance");
  const outer = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const [atEnd, setAtEnd] = useState(true);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => outer.current,
    estimateSize: () => LINE_PX,
    getItemKey: (at) => lines[at]?.id ?? at,
    overscan: 20,
    paddingStart: 8,
    paddingEnd: 8,
  });

  const count = lines.length;
  const newest = lines.at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: moved only when lines came
  useEffect(() => {
    if (atEnd && count > 0) virtual.scrollToIndex(count - 1, { align: "end" });
  }, [newest, count, atEnd]);

  const toggle = (id: number) =>
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const look = () => {
    const box = outer.current;
    if (box) setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < END_PX);
  };
  return (
    <div className={classes.screen}>
      <div
        ref={outer}
        className={classes.lines}
        role="log"
        aria-live="off"
        aria-label={t("logs.label")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={look}
      >
        <div className={classes.body} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return line === undefined ? null : (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className={classes.line}
                data-source={line.source}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <One line={line} search={search} open={open.has(line.id)} onToggle={toggle} />
              </div>
            );
          })}
        </div>
      </div>
      {!atEnd && (
        <Button
          size="xs"
          className={classes.newest}
          leftSection={<IconArrowDown size={14} aria-hidden />}
          onClick={() => setAtEnd(true)}
        >
          {t("logs.newest")}
        </Button>
      )}
    </div>
  );
}

interface OneProps {
  line: Line;
  search: string;
  open: boolean;
  onToggle: (id: number) => void;
}

const One = memo(function One({ line, search, open, onToggle }: OneProps) {
  const { t } = useTranslation("instance");
  const long = line.text.length > FOLD;
  const text = long && !open ? line.text.slice(0, FOLD) : line.text;
  return (
    <>
      <span className={classes.time} title={line.at && exact(line.at)}>
        {line.at ? clock(line.at) : ""}
      </span>
      <span className={classes.text}>
        {line.source === "stderr" && <span className={classes.source}>{t("logs.error")}</span>}
        <Marked text={text} search={search} />
        {long && !open && (
          <>
            …{" "}
            <button type="button" className={classes.fold} onClick={() => onToggle(line.id)}>
              {t("logs.expand", { amount: whole(line.text.length) })}
            </button>
          </>
        )}
        {long && open && (
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={t("logs.fold")}
            onClick={() => onToggle(line.id)}
          >
            <IconFold size={14} />
          </ActionIcon>
        )}
      </span>
    </>
  );
});

function Marked({ text, search }: { text: string; search: string }) {
  const parts = cut(text, search);
  if (parts.length === 1) return text;
  return parts.map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
      <mark key={at} className={classes.mark}>
        {part}
      </mark>
    ) : (
      part
    ),
  );
}
