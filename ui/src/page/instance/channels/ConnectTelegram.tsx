// Connects a bot: its token, then Start by the person whose agent it is. A claim that was begun is kept for this tab, so that a reload goes on where it was.
import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import type { Instance, TelegramClaim } from "~/api/types";
import { TelegramConnect } from "~/feature/telegram/Connect";
import { Failure } from "~/pattern/Failure";
import { Panel } from "~/pattern/Panel";
import { useMayChange } from "../agent";
import { useFollow } from "../frame/wish";
import classes from "./Channels.module.css";

interface Props {
  agent: Instance;
  /** A bot is connected already and stays until another is. */
  onCancel?: () => void;
}

export function ConnectTelegram({ agent, onCancel }: Props) {
  const { t } = useTranslation(["instance", "common"]);
  const { claim, keep } = useClaim(agent.slug);
  const connect = useConnect(agent, () => keep(undefined));
  const mayChange = useMayChange();
  if (!mayChange) return <Panel title="Telegram">{t("channel.none")}</Panel>;

  const link = (claimed: TelegramClaim) => connect.mutate(claimed, { onSuccess: onCancel });
  return (
    <Panel
      title={agent.telegram ? t("channel.replace") : t("channel.connect")}
      actions={
        onCancel && (
          <Button size="xs" variant="default" onClick={onCancel}>
            {t("common:action.cancel")}
          </Button>
        )
      }
    >
      <TelegramConnect
        name={agent.name}
        slug={agent.slug}
        claim={claim}
        check={(token) => body(api.POST("/api/v1/telegram/claims", { body: { token } }))}
        onChecked={keep}
        onClaimed={(claimed) => {
          keep(claimed);
          link(claimed);
        }}
        onReplace={() => keep(undefined)}
      />
      {claim?.claimed_by && (
        <div className={classes.finish}>
          {connect.error && <Failure error={connect.error} />}
          <Button loading={connect.isPending} onClick={() => link(claim)}>
            {t("channel.finish", { bot: claim.bot_username })}
          </Button>
        </div>
      )}
    </Panel>
  );
}

/** The claim's id is no secret: it can be looked at only by its tenant. */
function useClaim(slug: string) {
  const place = `creel.claim.${slug}`;
  const [id, setId] = useState(() => sessionStorage.getItem(place) ?? undefined);
  const [known, setKnown] = useState<TelegramClaim>();
  const { data, isError } = useQuery({
    queryKey: ["claim", id, "again"],
    queryFn: () => body(api.GET("/api/v1/telegram/claims/{id}", { params: { path: { id: id ?? "" } } })),
    enabled: id !== undefined && known === undefined,
    retry: false,
  });
  const keep = (claim: TelegramClaim | undefined) => {
    if (claim) sessionStorage.setItem(place, claim.id);
    else sessionStorage.removeItem(place);
    setKnown(claim);
    setId(claim?.id);
  };
  return { claim: known ?? (isError ? undefined : data), keep };
}

function useConnect(agent: Instance, onDone: () => void) {
  const follow = useFollow(agent.slug);
  return useMutation({
    mutationFn: (claim: TelegramClaim) => {
      const people = new Set(agent.telegram?.allow_from ?? []);
      if (claim.claimed_by) people.add(claim.claimed_by.id);
      return body(
        api.PUT("/api/v1/instances/{slug}/channels/telegram", {
          params: { path: { slug: agent.slug } },
          body: { claim: claim.id, allow_from: [...people] },
        }),
      );
    },
    onSuccess: (operation) => {
      follow(operation);
      onDone();
    },
  });
}
