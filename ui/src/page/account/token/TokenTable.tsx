import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, done } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import { date } from "~/format/time";
import { Confirm } from "~/pattern/Confirm";
import { DataTable } from "~/pattern/DataTable";
import { Time, useNow } from "~/pattern/Time";
import classes from "./TokenTable.module.css";

type Token = components["schemas"]["TokenView"];

export function TokenTable({ tokens }: { tokens: Token[] }) {
  const { t } = useTranslation("account");
  const [leaving, setLeaving] = useState<Token>();
  return (
    <>
      <DataTable
        label={t("token.yours")}
        rows={tokens}
        rowKey={(token) => token.id}
        columns={[
          { id: "name", header: t("token.name"), cell: (token) => <Name token={token} /> },
          { id: "used", header: t("token.used"), from: "sm", cell: (token) => <Time at={token.last_used_at} /> },
          { id: "made", header: t("token.made"), from: "md", cell: (token) => <Time at={token.created_at} /> },
          { id: "ends", header: t("token.ends"), from: "sm", cell: (token) => <Ends at={token.expires_at} /> },
          {
            id: "act",
            header: "",
            align: "end",
            cell: (token) => (
              <Button
                variant="subtle"
                color="red"
                c="var(--bad)"
                size="xs"
                onClick={() => setLeaving(token)}
                aria-label={t("token.revoke_of", { name: token.name })}
              >
                {t("token.revoke")}
              </Button>
            ),
          },
        ]}
      />
      {leaving && <Revoke token={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  );
}

function Name({ token }: { token: Token }) {
  const { t } = useTranslation("account");
  return (
    <div className={classes.name}>
      <span className="foreign">{token.name}</span>
      <code className={classes.begins}>{token.begins_with}…</code>
      <span className={classes.small}>
        {t("token.used")}: <Time at={token.last_used_at} /> · <Ends at={token.expires_at} />
      </span>
    </div>
  );
}

/** Below this an end is near, milliseconds. */
const SOON_MS = 7 * 86_400_000;

function Ends({ at }: { at: string }) {
  const { t } = useTranslation("account");
  const left = new Date(at).getTime() - useNow().getTime();
  if (left <= 0) return <span className={classes.over}>{t("token.over")}</span>;
  if (left > SOON_MS) return <span className="figures">{date(new Date(at))}</span>;
  return (
    <span className={classes.soon}>
      <Time at={at} />
    </span>
  );
}

function Revoke({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useTranslation("account");
  const cache = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => done(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id: token.id } } })),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: keys.tokens });
      notifications.show({ message: t("token.revoked", { name: token.name }) });
      onClose();
    },
  });
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t("token.leave.title", { name: token.name })}
      verb={t("token.revoke")}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
    >
      {t("token.leave.words")}
    </Confirm>
  );
}
