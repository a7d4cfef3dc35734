// Starting or stopping an agent from the palette: what it does stands there, and the agent's page then shows how it goes.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Operation } from "~/api/types";
import { Confirm } from "~/pattern/Confirm";
import type { Asked } from "./agents";

function send({ agent, wish }: Asked): Promise<Operation> {
  const params = { path: { slug: agent.slug } };
  if (wish === "start") return body(api.POST("/api/v1/instances/{slug}/start", { params }));
  if (wish === "stop") return body(api.POST("/api/v1/instances/{slug}/stop", { params }));
  return body(api.POST("/api/v1/instances/{slug}/restart", { params }));
}

export function Sure({ asked, onClose }: { asked: Asked | undefined; onClose: () => void }) {
  const { t } = useTranslation("shell");
  const cache = useQueryClient();
  const navigate = useNavigate();
  const last = useLast(asked);
  const sending = useMutation({
    mutationFn: send,
    onSuccess: (_, { agent }) => {
      onClose();
      void cache.invalidateQueries({ queryKey: keys.instances });
      void cache.invalidateQueries({ queryKey: keys.instance(agent.slug) });
      void navigate({ to: "/instances/$slug", params: { slug: agent.slug } });
    },
  });
  const close = () => {
    sending.reset();
    onClose();
  };
  if (!last) return null;
  const { agent, wish } = last;
  const verb = t(`palette.${wish}`, { name: agent.name });
  return (
    <Confirm
      opened={asked !== undefined}
      onClose={close}
      title={verb}
      verb={verb}
      danger={wish === "stop"}
      busy={sending.isPending}
      error={sending.error}
      onConfirm={() => sending.mutate(last)}
    >
      {t(`palette.what.${wish}`)}
    </Confirm>
  );
}

/** The dialog keeps its words while it fades out. */
function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value);
  useEffect(() => {
    if (value !== undefined) setLast(value);
  }, [value]);
  return value ?? last;
}
