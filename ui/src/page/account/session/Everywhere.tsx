// Out of every browser at once, this one too.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { Confirm } from "~/pattern/Confirm";

export function Everywhere({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("account");
  const cache = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: () => body(api.DELETE("/api/v1/sessions")),
    onSuccess: async () => {
      // The sign-in page sends whoever is known to be signed in away again.
      cache.removeQueries({ queryKey: keys.me });
      await navigate({ to: "/login" });
      cache.clear();
    },
  });
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={t("session.leave.title")}
      verb={t("session.everywhere")}
      busy={leave.isPending}
      error={leave.error}
      onConfirm={() => leave.mutate()}
    >
      {t("session.leave.words")}
    </Confirm>
  );
}
