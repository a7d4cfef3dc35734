// Follows an agent's log. Owns the connection: takes it up again after a cut behind the last line seen, and finds out why when it cannot.
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { api, body } from "~/api/client";
import { ApiError } from "~/api/error";
import { add, type Buffer, EMPTY, pause, type Raw, resume } from "./buffer";

/** Lines from before the page was opened. */
const TAIL = 1_000;
/** Lines are shown in batches, so that a talkative agent does not keep the page busy. */
const BATCH_MS = 120;
const RETRY_MS = 2_000;

export type Link = "connecting" | "live" | "reconnecting" | "not_started" | "away";

type Act = { add: Raw[] } | "pause" | "resume" | "clear";

function reduce(buffer: Buffer, act: Act): Buffer {
  if (act === "pause") return pause(buffer);
  if (act === "resume") return resume(buffer);
  if (act === "clear") return { ...EMPTY, next: buffer.next, paused: buffer.paused };
  return add(buffer, act.add);
}

export function useLog(slug: string) {
  const [buffer, act] = useReducer(reduce, EMPTY);
  const [link, setLink] = useState<Link>("connecting");
  const take = useRef((lines: Raw[]) => act({ add: lines }));

  useEffect(() => {
    act("clear");
    const connection = follow(slug, (lines) => take.current(lines), setLink);
    return () => connection.close();
  }, [slug]);

  return {
    buffer,
    link,
    pause: useCallback(() => act("pause"), []),
    resume: useCallback(() => act("resume"), []),
    clear: useCallback(() => act("clear"), []),
  };
}

/** The moment and words of a line: after a cut the server sends the last moment again. */
const print = ({ at, text }: Raw) => `${at}\n${text}`;

function follow(slug: string, take: (lines: Raw[]) => void, tell: (link: Link) => void) {
  let events: EventSource | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let batch: Raw[] = [];
  let last: string | undefined;
  let atLast: string[] = [];
  let again: string[] = [];

  const flush = setInterval(() => {
    if (batch.length === 0) return;
    take(batch);
    batch = [];
  }, BATCH_MS);

  const receive = (line: Raw) => {
    const known = again.indexOf(print(line));
    if (known >= 0) {
      again.splice(known, 1);
      return;
    }
    if (line.at) {
      if (line.at !== last) atLast = [];
      last = line.at;
      atLast.push(print(line));
    }
    batch.push(line);
  };

  const open = () => {
    again = [...atLast];
    const since = last ? `&since=${encodeURIComponent(last)}` : "";
    events = new EventSource(`/api/v1/instances/${encodeURIComponent(slug)}/logs?follow=1&tail=${TAIL}${since}`);
    events.addEventListener("open", () => tell("live"));
    events.addEventListener("line", ({ data }: MessageEvent<string>) => {
      const line = read(data);
      if (line) receive(line);
    });
    // The browser's own way back would ask for the same lines again.
    events.addEventListener("error", () => {
      events?.close();
      if (closed) return;
      tell("reconnecting");
      void why(slug).then((link) => {
        if (closed) return;
        tell(link);
        retry = setTimeout(open, RETRY_MS);
      });
    });
  };
  open();

  return {
    close() {
      closed = true;
      events?.close();
      clearInterval(flush);
      clearTimeout(retry);
    },
  };
}

/** An event stream does not say why it was refused; the same question asked plainly does. */
async function why(slug: string): Promise<Link> {
  try {
    await body(
      api.GET("/api/v1/instances/{slug}/logs", { params: { path: { slug }, query: { tail: 1 } }, parseAs: "json" }),
    );
    return "reconnecting";
  } catch (error) {
    if (!(error instanceof ApiError)) return "away";
    if (error.code === "not_started") return "not_started";
    return error.status === 0 ? "reconnecting" : "away";
  }
}

function read(data: string): Raw | undefined {
  try {
    const line: unknown = JSON.parse(data);
    const sound = typeof line === "object" && line !== null && "text" in line && typeof line.text === "string";
    return sound ? (line as Raw) : undefined;
  } catch {
    return undefined;
  }
}
