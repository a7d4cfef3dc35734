// The lines that are kept: the newest few thousand, each with a number that never changes. While paused, new ones wait and are counted. Pure.
import type { components } from "~/api/schema";
import { clean } from "./clean";

export type Raw = components["schemas"]["LogLine"];

export interface Line {
  /** Counts up for as long as the page is open. */
  id: number;
  at?: Date;
  source: string;
  text: string;
}

export interface Buffer {
  lines: Line[];
  /** Came while paused. */
  waiting: Line[];
  paused: boolean;
  next: number;
}

/** More lines than a person reads; the whole log is a download away. */
export const KEPT = 5_000;

export const EMPTY: Buffer = { lines: [], waiting: [], paused: false, next: 0 };

export function add(buffer: Buffer, raw: Raw[]): Buffer {
  const fresh = raw.map(({ at, source, text }, nth) => ({
    id: buffer.next + nth,
    ...(at && { at: new Date(at) }),
    source,
    text: clean(text),
  }));
  const next = buffer.next + raw.length;
  if (buffer.paused) return { ...buffer, waiting: [...buffer.waiting, ...fresh].slice(-KEPT), next };
  return { ...buffer, lines: [...buffer.lines, ...fresh].slice(-KEPT), next };
}

export const pause = (buffer: Buffer): Buffer => ({ ...buffer, paused: true });

export const resume = (buffer: Buffer): Buffer => ({
  ...buffer,
  lines: [...buffer.lines, ...buffer.waiting].slice(-KEPT),
  waiting: [],
  paused: false,
});

export function shown(lines: Line[], search: string, source: string | undefined): Line[] {
  const wanted = search.toLocaleLowerCase();
  if (!wanted && !source) return lines;
  return lines.filter(
    (line) => (!source || line.source === source) && (!wanted || line.text.toLocaleLowerCase().includes(wanted)),
  );
}

/** Text cut at every place where the search is found; every second part is a hit. */
export function cut(text: string, search: string): string[] {
  if (!search) return [text];
  const parts: string[] = [];
  const wanted = new RegExp(search.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "giu");
  let from = 0;
  for (const hit of text.matchAll(wanted)) {
    parts.push(text.slice(from, hit.index), hit[0]);
    from = hit.index + hit[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** As a file: time, source and text of every line. */
export const asText = (lines: Line[]): string =>
  lines.map(({ at, source, text }) => `${at?.toISOString() ?? "-"}\t${source}\t${text}\n`).join("");
