// Agents in the palette: loaded when it opens, searched here; where there are more than one answer holds, the server searches too.

import { IconPlayerPlay, IconPlayerStop, IconRefresh, IconRobot } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Instance } from "~/api/types";
import type { Icon } from "~/pattern/state";
import type { Command } from "./commands";

const PAGE = 200;

export function useFoundAgents(opened: boolean, query: string): Instance[] {
  const first = useQuery({ ...page(""), enabled: opened });
  const more = first.data?.next !== undefined && query !== "";
  const searched = useQuery({ ...page(query), enabled: opened && more, placeholderData: keepPreviousData });
  return (more ? searched.data?.items : first.data?.items) ?? first.data?.items ?? [];
}

const page = (q: string) => ({
  queryKey: [...keys.instances, "palette", q],
  queryFn: () => body(api.GET("/api/v1/instances", { params: { query: { limit: PAGE, q: q || undefined } } })),
});

export type Wish = "start" | "stop" | "restart";
export interface Asked {
  agent: Instance;
  wish: Wish;
}

const WISHES: Record<Wish, Icon> = { start: IconPlayerPlay, stop: IconPlayerStop, restart: IconRefresh };

/** Stopping what is stopped is no choice. */
function wishesFor(agent: Instance): Wish[] {
  if (agent.state === "running" || agent.state === "starting") return ["stop", "restart"];
  if (agent.state === "stopped") return ["start"];
  if (agent.state === "error" || agent.state === "unknown") return ["start", "restart", "stop"];
  return [];
}

export function useAgentCommands(agents: Instance[], ask: (asked: Asked) => void): Command[] {
  const { t } = useTranslation(["shell", "common"]);
  const navigate = useNavigate();
  return agents.flatMap((agent): Command[] => [
    {
      id: `/instances/${agent.slug}`,
      group: "agents",
      label: agent.name,
      keywords: agent.slug,
      hint: t(`common:state.${agent.state}`),
      icon: IconRobot,
      run: () => void navigate({ to: "/instances/$slug", params: { slug: agent.slug } }),
    },
    ...wishesFor(agent).map(
      (wish): Command => ({
        id: `${wish}:${agent.slug}`,
        group: "actions",
        label: t(`palette.${wish}`, { name: agent.name }),
        keywords: agent.slug,
        hint: t(`common:state.${agent.state}`),
        icon: WISHES[wish],
        run: () => ask({ agent, wish }),
      }),
    ),
  ]);
}
