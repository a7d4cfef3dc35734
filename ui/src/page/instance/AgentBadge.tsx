// An agent's state; while something is being done to it, that.
import { IconLoader2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { isOver } from "~/api/operation";
import type { Instance } from "~/api/types";
import { Badge, StateBadge } from "~/pattern/Badge";

const BUSY = { tone: "busy", icon: IconLoader2, turns: true } as const;

export function AgentBadge({ agent }: { agent: Pick<Instance, "state" | "operation"> }) {
  const { t } = useTranslation("instance");
  if (agent.operation && !isOver(agent.operation))
    return <Badge look={BUSY}>{t(`doing.${agent.operation.kind}`)}</Badge>;
  return <StateBadge state={agent.state} />;
}
