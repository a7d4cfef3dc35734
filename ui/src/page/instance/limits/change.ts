// The owner's own limits of an agent, replaced as a whole. What the answer says about all limits is shown at once.
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createElement } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { LimitView, Usage } from "~/api/types";
import { type Limit, sameKind } from "~/feature/limit/read";
import { useLimitWords } from "~/feature/limit/words";
import { useWords } from "~/pattern/Failure";
import { own, plain } from "./left";
import { Undo } from "./Undo";

/** Long enough to read what is gone and to reach the button. */
const UNDO_MS = 12_000;

export function usePutLimits(slug: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (limits: Limit[]) =>
      body(api.PUT("/api/v1/instances/{slug}/limits", { params: { path: { slug } }, body: { limits } })),
    onSuccess: ({ items }) => {
      const queryKey = [...keys.instance(slug), "usage"];
      cache.setQueriesData<Usage>({ queryKey }, (now) => now && { ...now, limits: items });
      void cache.invalidateQueries({ queryKey: keys.instance(slug) });
    },
  });
}

/** Takes a limit away at once, and offers to bring it back. */
export function useUndoable(slug: string, limits: LimitView[]): (limit: LimitView) => void {
  const { t } = useTranslation("instance");
  const put = usePutLimits(slug);
  const words = useLimitWords();
  const failure = useWords();
  const failed = (error: unknown) => notifications.show({ color: "red", message: failure(error) });
  const restore = (id: string, before: Limit[]) => {
    notifications.hide(id);
    put.mutate(before, { onError: failed });
  };
  return (limit) => {
    const before = own(limits).map(plain);
    const id = `limit ${slug} ${limit.unit} ${limit.window}`;
    const message = t("limits.removed", { limit: words.limit(limit) });
    put.mutate(
      before.filter((one) => !sameKind(one, limit)),
      {
        onError: failed,
        onSuccess: () =>
          notifications.show({
            id,
            message: createElement(Undo, { message, onUndo: () => restore(id, before) }),
            autoClose: UNDO_MS,
          }),
      },
    );
  };
}
