// The lines of the form: what is typed in each, and what is wrong with it. Numbers are read exactly (feature/limit/read.ts).
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LimitView } from "~/api/types";
import { freeKind, type Limit, readAmount, readLimit, sameKind, type Typed, typedOf } from "~/feature/limit/read";
import { useLimitWords } from "~/feature/limit/words";
import { narrower, own, plain } from "./left";

/** As many as the API takes: each kind once. */
export const MOST = 12;

export interface Row {
  id: number;
  typed: Typed;
}

export function useRows(limits: LimitView[]) {
  const next = useRef(0);
  const row = (typed: Typed): Row => {
    next.current += 1;
    return { id: next.current, typed };
  };
  const fresh = (taken: Row[]) => row({ ...freeKind(taken.map(({ typed }) => typed)), amount: "" });
  const [rows, setRows] = useState<Row[]>(() => {
    const known = own(limits).map((limit) => row(typedOf(plain(limit))));
    // Whoever has none came to set one.
    return known.length > 0 ? known : [fresh([])];
  });
  const [tried, setTried] = useState(false);
  return {
    rows,
    /** Whether a look at mistakes was asked for: nobody is corrected while typing for the first time. */
    tried,
    set: (id: number, typed: Typed) => setRows((now) => now.map((one) => (one.id === id ? { id, typed } : one))),
    add: () => setRows((now) => [...now, fresh(now)]),
    remove: (id: number) => setRows((now) => now.filter((one) => one.id !== id)),
    /** All limits, if each can be set. */
    read: (): Limit[] | undefined => {
      setTried(true);
      const read = rows.map(({ typed }) => readLimit(typed)).filter((limit) => limit !== undefined);
      const fine = read.length === rows.length && rows.every((_, at) => !mistake(rows, at, limits));
      return fine ? read : undefined;
    },
  };
}

type Mistake = { wrong: Exclude<ReturnType<typeof readAmount>, number> | "twice" } | { over: LimitView };

/** What keeps a line from being set. */
export function mistake(rows: Row[], at: number, limits: LimitView[]): Mistake | undefined {
  const typed = rows[at]?.typed;
  if (!typed) return undefined;
  const amount = readAmount(typed);
  if (typeof amount !== "number") return { wrong: amount };
  if (rows.slice(0, at).some((one) => sameKind(one.typed, typed))) return { wrong: "twice" };
  const over = narrower(limits, { ...typed, amount });
  return over && { over };
}

export function useWrongWords(limits: LimitView[]): (rows: Row[], at: number) => string | undefined {
  const { t } = useTranslation(["instance", "common"]);
  const words = useLimitWords();
  return (rows, at) => {
    const found = mistake(rows, at, limits);
    if (!found) return undefined;
    if ("over" in found) {
      const { over } = found;
      return t(over.scope === "tenant" ? "limits.wider.tenant" : `limits.wider.${over.source}`, {
        limit: words.limit(over),
      });
    }
    if (found.wrong === "twice") return t("common:limit.wrong.twice");
    return words.wrong(rows[at]?.typed.unit ?? "calls", found.wrong);
  };
}
