// Closing an account and opening it again, with what that does said before.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, done } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import { Confirm } from "~/pattern/Confirm";

export type Person = components["schemas"]["UserRow"];

interface Props {
  person: Person;
  onClose: () => void;
}

export function Switch({ person, onClose }: Props) {
  const { t } = useTranslation("operator");
  const cache = useQueryClient();
  const wish = person.disabled_at ? "enable" : "disable";
  const params = { path: { id: person.id } };
  const sending = useMutation({
    mutationFn: () =>
      wish === "disable"
        ? done(api.POST("/api/v1/operator/users/{id}/disable", { params }))
        : done(api.POST("/api/v1/operator/users/{id}/enable", { params })),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.operator });
      onClose();
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t(`users.${wish}_title`)}
      verb={t(`users.${wish}`)}
      danger={wish === "disable"}
      busy={sending.isPending}
      error={sending.error}
      onConfirm={() => sending.mutate()}
    >
      <p className="foreign" style={{ marginTop: 0 }}>
        <strong>{person.email}</strong>
      </p>
      {t(`users.${wish}_words`, { count: person.sessions })}
    </Confirm>
  );
}
