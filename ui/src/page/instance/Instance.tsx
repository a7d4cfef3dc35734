// The frame around an agent's pages: who it is, what is happening, what can be done. Asks for the agent once; the pages inside find it by useAgent.
import { Skeleton, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "~/api/error";
import type { Instance as Agent } from "~/api/types";
import { Missing } from "~/page/system/Missing";
import { Failure } from "~/pattern/Failure";
import { Page } from "~/pattern/Page";
import { AgentBadge } from "./AgentBadge";
import { AgentProvider, agentQuery, useSlug } from "./agent";
import { Actions } from "./frame/Actions";
import classes from "./frame/Frame.module.css";
import { NowLine, NowNotice } from "./frame/Now";
import { Paused } from "./frame/Paused";
import { Progress } from "./frame/Progress";
import { Tabs } from "./frame/Tabs";
import { Portrait } from "./Portrait";

export function Instance() {
  const slug = useSlug();
  const { data, error, refetch } = useQuery(agentQuery(slug));
  const missing = error instanceof ApiError && error.status === 404;
  const deleted = missing && data?.desired === "deleted";
  useLeave(deleted ? data : undefined);
  // The last picture of what is gone must not stay.
  if (missing) return deleted ? null : <Missing />;
  if (data) return <Frame agent={data} />;
  return error ? <Failure error={error} retry={() => void refetch()} /> : <Outline slug={slug} />;
}

/** Whoever watched an agent being deleted is led back to the others. */
function useLeave(deleted: Agent | undefined) {
  const { t } = useTranslation("instance");
  const navigate = useNavigate();
  const name = deleted?.name;
  useEffect(() => {
    if (name === undefined) return;
    notifications.show({ message: t("delete.done", { name }), color: "green" });
    void navigate({ to: "/instances", replace: true });
  }, [name, navigate, t]);
}

function Frame({ agent }: { agent: Agent }) {
  const { t } = useTranslation("instance");
  return (
    <AgentProvider value={agent}>
      <Page
        title={agent.name}
        face={<Portrait name={agent.name} size={44} />}
        mark={<AgentBadge agent={agent} />}
        lead={<NowLine agent={agent} />}
        actions={<Actions agent={agent} />}
        back={{ to: "/instances", label: t("list.title") }}
      >
        <Progress agent={agent} />
        <Paused agent={agent} />
        <NowNotice agent={agent} />
        <Tabs slug={agent.slug} />
        <div className={classes.content}>
          <Outlet />
        </div>
      </Page>
    </AgentProvider>
  );
}

function Outline({ slug }: { slug: string }) {
  const { t } = useTranslation("instance");
  return (
    <Page
      title={slug}
      face={<Skeleton height={44} width={44} radius={13} />}
      lead={<Skeleton component="span" display="inline-block" height={14} width={260} radius={6} />}
      back={{ to: "/instances", label: t("list.title") }}
    >
      <Tabs slug={slug} />
      <Stack gap={16} aria-busy="true">
        <Skeleton height={150} radius={12} />
        <Skeleton height={220} radius={12} />
      </Stack>
    </Page>
  );
}
