// The wizard's answers: the server's draft with what was typed since on top. Saved by itself; another device finds the same.
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { api, body, done } from "~/api/client";
import { ApiError } from "~/api/error";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import type { Draft, TelegramClaim } from "~/api/types";
import { useMe } from "~/session/me";
import { Autosave, type Mark } from "./autosave";
import { keepUnsaved, restoreUnsaved } from "./unsaved";

export type DraftText = components["schemas"]["PutDraft"];

/** A draft as the steps see it: what is not there is left out. */
export type Answers = Plain<Draft>;
type Plain<T> = { [K in keyof T]: Exclude<T[K], null | ""> };

export const draftQuery = queryOptions({
  queryKey: keys.draft,
  queryFn: () => body(api.GET("/api/v1/draft")),
});

export interface DraftHandle {
  draft: Answers;
  change: (part: Partial<DraftText>) => void;
  /** Saves what is typed now; rejects when the server cannot take it. */
  flush: () => Promise<void>;
  /** Forgets what is typed: the draft was spent or thrown away. */
  drop: () => void;
  mark: Mark;
  /** What the server said no to. */
  refusal?: ApiError;
  checkKey: (key: { provider: string; value: string; base_url?: string }) => Promise<void>;
  removeKey: () => Promise<void>;
  checkBot: (token: string) => Promise<TelegramClaim>;
  setBot: (claim: TelegramClaim | undefined) => void;
  removeBot: () => Promise<void>;
}

export function useDraft() {
  const query = useQuery(draftQuery);
  const cache = useQueryClient();
  const me = useMe();
  const person = `${me?.id}.${me?.tenant}`;
  const [typed, setTyped] = useState<Partial<DraftText>>(() => restoreUnsaved(person));
  const [{ mark, refusal }, setMark] = useState<{ mark: Mark; refusal?: ApiError }>({ mark: "idle" });

  const patch = useCallback(
    (part: Partial<Draft>) => cache.setQueryData(keys.draft, (old?: Draft) => old && { ...old, ...part }),
    [cache],
  );
  const autosave = useRef<Autosave<DraftText>>(undefined);
  autosave.current ??= new Autosave<DraftText>(
    {
      send: async (part) => {
        cache.setQueryData(keys.draft, await body(api.PUT("/api/v1/draft", { body: part })));
      },
      keep: (part) => keepUnsaved(person, part),
      tell: (next, error) =>
        setMark({ mark: next, refusal: next === "refused" && error instanceof ApiError ? error : undefined }),
      isRefusal: (error) => error instanceof ApiError && error.status >= 400 && error.status < 500 && !passing(error),
    },
    restoreUnsaved(person),
  );
  // Whoever leaves for another page loses nothing; whoever closes the tab finds it in this tab's storage.
  useEffect(() => () => void autosave.current?.flush().catch(() => undefined), []);

  const change = useCallback((part: Partial<DraftText>) => {
    setTyped((old) => ({ ...old, ...part }));
    autosave.current?.change(part);
  }, []);
  const drop = useCallback(() => {
    autosave.current?.drop();
    setTyped({});
    cache.removeQueries({ queryKey: keys.draft });
  }, [cache]);

  const handle = useMemo((): DraftHandle | undefined => {
    if (!query.data) return undefined;
    return {
      draft: plain({ ...query.data, ...typed }),
      change,
      drop,
      flush: async () => autosave.current?.flush(),
      mark,
      refusal,
      ...secrets(patch),
    };
  }, [query.data, typed, change, drop, mark, refusal, patch]);

  return { data: handle, error: query.error, isPending: query.isPending, refetch: query.refetch };
}

const plain = (draft: Partial<Record<keyof Draft, unknown>>): Answers =>
  Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== null && value !== "")) as Answers;

/** Statuses that the same request may not meet again: signed out, asked too often. */
const passing = ({ status }: ApiError) => status === 401 || status === 408 || status === 429;

/** Secrets go straight to the server and are never held here. */
function secrets(patch: (part: Partial<Draft>) => unknown) {
  return {
    checkKey: async (key: { provider: string; value: string; base_url?: string }) => {
      patch({ key: await body(api.PUT("/api/v1/draft/key", { body: key })), key_source: "own" });
    },
    removeKey: async () => {
      await done(api.DELETE("/api/v1/draft/key"));
      patch({ key: undefined });
    },
    // The claim is put into the draft by `setBot`, after the form has forgotten the token.
    checkBot: (token: string) => body(api.PUT("/api/v1/draft/telegram", { body: { token } })),
    setBot: (telegram: TelegramClaim | undefined) => void patch({ telegram }),
    removeBot: async () => {
      await done(api.DELETE("/api/v1/draft/telegram"));
      patch({ telegram: undefined });
    },
  };
}
