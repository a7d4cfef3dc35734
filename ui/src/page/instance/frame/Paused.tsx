// The agent went round in circles and its model calls are stopped until somebody has looked: what repeated, since when, and the way on.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trans, useTranslation } from "react-i18next";
import { api, done } from "~/api/client";
import { keys } from "~/api/keys";
import type { Instance } from "~/api/types";
import { useWords } from "~/pattern/Failure";
import { ButtonLink } from "~/pattern/LinkTo";
import { Notice } from "~/pattern/Notice";
import { Time } from "~/pattern/Time";
import { agentQuery, useMayChange } from "../agent";
import classes from "./Frame.module.css";

export function Paused({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const mayChange = useMayChange();
  if (!agent.paused) return null;
  const { detail, at } = agent.paused;
  return (
    <section aria-label={t("paused.title")}>
      <Notice
        tone="bad"
        title={t("paused.title")}
        action={
          <span className={classes.retry}>
            <ButtonLink size="xs" variant="default" to="/instances/$slug/logs" params={{ slug: agent.slug }}>
              {t("fix.logs")}
            </ButtonLink>
            {mayChange && <Resume agent={agent} />}
          </span>
        }
      >
        <p>
          {detail} <Trans t={t} i18nKey="paused.since" components={{ at: <Time at={at} /> }} />
        </p>
        <p>{t(mayChange ? "paused.remedy" : "paused.ask")}</p>
      </Notice>
    </section>
  );
}

function Resume({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const words = useWords();
  const cache = useQueryClient();
  const { queryKey } = agentQuery(agent.slug);
  const resume = useMutation({
    mutationFn: () =>
      done(api.POST("/api/v1/instances/{slug}/model-calls/resume", { params: { path: { slug: agent.slug } } })),
    onSuccess: () => {
      cache.setQueryData(queryKey, (now) => now && { ...now, paused: undefined });
      void cache.invalidateQueries({ queryKey });
      void cache.invalidateQueries({ queryKey: keys.notifications });
      notifications.show({ color: "green", message: t("paused.resumed", { name: agent.name }) });
    },
    onError: (error) => notifications.show({ color: "red", message: words(error) }),
  });
  return (
    <Button size="xs" loading={resume.isPending} onClick={() => resume.mutate()}>
      {t("paused.resume")}
    </Button>
  );
}
