// A long list as a table of which only the visible rows exist. Scrolls with the window, or inside itself when it is given a height. Owns no data: it asks for the next page when its end comes near.
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: the role is chosen at run time, and what does not belong to it is left out
// biome-ignore-all lint/a11y/noStaticElementInteractions: keys are caught on their way up from the controls of the rows
// biome-ignore-all lint/a11y/useSemanticElements: rows are placed by position, which takes table elements their meaning; roles give it back
import { Skeleton } from "@mantine/core";
import { useVirtualizer, useWindowVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./VirtualTable.module.css";
import { type Column, span, tracks } from "./virtual/columns";
import { useRowFocus } from "./virtual/focus";
import { Head, type Sort } from "./virtual/Head";
import { Row } from "./virtual/Row";
import { useWidth } from "./width";

export type { Column, Sort };

interface Props<R> {
  label: string;
  columns: Column<R>[];
  rows: R[];
  rowKey: (row: R) => string;
  /** Every row is this high, pixels. */
  rowHeight?: number;
  /** How a row looks below 640 px, and how high it then is. Without it columns are only left out. */
  card?: { height: number; show: (row: R) => ReactNode };
  /** A click anywhere on a row. A cell must hold a link to the same place, for keyboards and screen readers. */
  onOpen?: (row: R) => void;
  sort?: Sort;
  onSort?: (by: string) => void;
  /** The first page is awaited: rows in outline. */
  loading?: boolean;
  /** Rows there are altogether, when known. */
  total?: number;
  /** More rows can be had. */
  more?: { has: boolean; busy: boolean; load: () => void };
  /** Scrolls inside itself, this high (CSS); else with the window. */
  height?: string;
  empty?: ReactNode;
}

/** Rows kept ready beyond the edge of the screen. */
const OVERSCAN = 12;
/** The next page is asked for this many rows before the end. */
const AHEAD = 20;
/** The shell's header and ours lie over a window's rows. */
const COVERED = 100;

export function VirtualTable<R>(props: Props<R>) {
  if (!props.loading && props.rows.length === 0 && props.empty) return <>{props.empty}</>;
  return props.height ? <Inside {...props} height={props.height} /> : <Along {...props} />;
}

function useShape<R>({ columns, card, rowHeight = 56 }: Props<R>) {
  const reaches = useWidth();
  const cards = card !== undefined && !reaches("sm");
  const shown = columns.filter((column) => !column.from || reaches(column.from));
  const names = shown.map((column) => column.id).join();
  // Rows are drawn anew only when a column comes or goes, or the page hands over other columns.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `names` stands for the width
  const stable = useMemo(() => shown, [columns, names]);
  return { cards, shown: stable, size: cards ? card.height : rowHeight };
}

function Along<R>(props: Props<R>) {
  const shape = useShape(props);
  const list = useRef<HTMLDivElement>(null);
  const focus = useRowFocus();
  const margin = useTop(list);
  const virtual = useWindowVirtualizer<HTMLDivElement>({
    count: props.rows.length,
    estimateSize: () => shape.size,
    overscan: OVERSCAN,
    scrollMargin: margin,
    scrollPaddingStart: COVERED,
    scrollPaddingEnd: 16,
    rangeExtractor: focus.keep,
  });
  return (
    <div className={classes.frame}>
      <View {...props} shape={shape} virtual={virtual} margin={margin} list={list} focus={focus} />
      <More busy={props.more?.busy ?? false} />
    </div>
  );
}

function Inside<R>(props: Props<R> & { height: string }) {
  const shape = useShape(props);
  const list = useRef<HTMLDivElement>(null);
  const outer = useRef<HTMLDivElement>(null);
  const focus = useRowFocus();
  const virtual = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: props.rows.length,
    getScrollElement: () => outer.current,
    estimateSize: () => shape.size,
    overscan: OVERSCAN,
    scrollPaddingStart: 44,
    rangeExtractor: focus.keep,
  });
  return (
    <div ref={outer} className={classes.frame} data-inside style={{ height: props.height }}>
      <View {...props} shape={shape} virtual={virtual} margin={0} list={list} focus={focus} />
      <More busy={props.more?.busy ?? false} />
    </div>
  );
}

interface Inner<R> extends Props<R> {
  shape: ReturnType<typeof useShape<R>>;
  virtual: Virtualizer<Window, HTMLDivElement> | Virtualizer<HTMLDivElement, HTMLDivElement>;
  margin: number;
  list: RefObject<HTMLDivElement | null>;
  focus: ReturnType<typeof useRowFocus>;
}

function View<R>({ shape, virtual, margin, list, focus, ...props }: Inner<R>) {
  const { cards, shown, size } = shape;
  const items = virtual.getVirtualItems();
  useAhead(items.at(-1)?.index ?? -1, props.rows.length, props.more);
  // Cards and rows differ in height: what was measured for one is wrong for the other.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a change of size matters
  useEffect(() => virtual.measure(), [size]);
  const template = tracks(shown);
  const known = props.total ?? (props.more?.has ? undefined : props.rows.length);
  return (
    <div
      role={cards ? "list" : "table"}
      aria-label={props.label}
      aria-busy={props.loading || undefined}
      aria-rowcount={cards ? undefined : known === undefined ? -1 : known + 1}
      aria-colcount={cards ? undefined : shown.length}
    >
      {!cards && <Head columns={shown} template={template} sort={props.sort} onSort={props.onSort} />}
      {props.loading && <Outline columns={shown} template={template} size={size} />}
      <div
        ref={list}
        role={cards ? "presentation" : "rowgroup"}
        className={classes.body}
        style={{ height: virtual.getTotalSize() }}
        onFocus={focus.onFocus}
        onBlur={focus.onBlur}
        onKeyDown={(event) => focus.onKeyDown(event, props.rows.length, (at) => virtual.scrollToIndex(at))}
      >
        {items.map((item) => {
          const row = props.rows[item.index];
          return row === undefined ? null : (
            <Row
              key={props.rowKey(row)}
              row={row}
              index={item.index}
              count={known ?? -1}
              top={item.start - margin}
              size={size}
              columns={shown}
              template={template}
              card={cards ? props.card?.show : undefined}
              onOpen={props.onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

function More({ busy }: { busy: boolean }) {
  const { t } = useTranslation();
  return (
    <div role="status" className={classes.more} data-busy={busy || undefined}>
      {busy ? t("loading_more") : ""}
    </div>
  );
}

function Outline<R>({ columns, template, size }: { columns: Column<R>[]; template: string; size: number }) {
  return (
    <div className={classes.outline} aria-hidden>
      {["a", "b", "c", "d", "e", "f", "g", "h"].map((line, at) => (
        <div key={line} className={classes.row} style={{ gridTemplateColumns: template, height: size }}>
          {columns.map((column, nth) => (
            <div key={column.id} className={classes.cell} data-align={column.align}>
              <Skeleton height={14} width={`${span(nth, at)}%`} radius={6} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

/** Where the list begins in the page; things above it come and go. */
function useTop(list: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useEffect(() => {
    const look = () => {
      if (list.current) setTop(Math.round(list.current.getBoundingClientRect().top + window.scrollY));
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(document.body);
    return () => watch.disconnect();
  }, [list]);
  return top;
}

function useAhead(last: number, rows: number, more: { has: boolean; busy: boolean; load: () => void } | undefined) {
  const wanted = more?.has === true && !more.busy && rows > 0 && last >= rows - AHEAD;
  const load = more?.load;
  useEffect(() => {
    if (wanted) load?.();
  }, [wanted, load]);
}
