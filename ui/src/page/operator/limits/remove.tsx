// Taking a limit away happens at once and can be taken back for a while.
import { Anchor } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useLimitWords } from "~/feature/limit/words";
import { useWords } from "~/pattern/Failure";
import { bare, type OperatorLimit, useChange, withLimit, without } from "./limits";

/** Long enough to read it and to reach it by keyboard. */
const STAYS_MS = 15_000;

export function useRemove(who: string) {
  const { t } = useTranslation(["operator", "common"]);
  const words = useLimitWords();
  const complaint = useWords();
  const change = useChange();
  const refused = (error: unknown) => notifications.show({ color: "red", message: complaint(error) });

  const undo = (limit: OperatorLimit) =>
    change
      .mutateAsync({ scope: limit.scope, edit: (limits) => withLimit(limits, bare(limit)) })
      .then(() => notifications.show({ message: t("limits.undone", { limit: words.limit(limit), name: who }) }))
      .catch(refused);

  return useMutation({
    mutationFn: (limit: OperatorLimit) =>
      change.mutateAsync({ scope: limit.scope, edit: (limits) => without(limits, limit) }),
    onError: refused,
    onSuccess: (_, limit) => {
      const id = `limit-${limit.scope}-${limit.unit}-${limit.window}`;
      const takeBack = () => {
        notifications.hide(id);
        void undo(limit);
      };
      notifications.show({
        id,
        title: <span className="foreign">{t("limits.removed", { limit: words.limit(limit), name: who })}</span>,
        message: (
          <Anchor component="button" type="button" size="sm" onClick={takeBack}>
            {t("common:action.undo")}
          </Anchor>
        ),
        autoClose: STAYS_MS,
        closeButtonProps: { "aria-label": t("common:action.close") },
      });
    },
  });
}
