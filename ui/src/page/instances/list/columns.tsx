// What the list says about an agent, as columns and, on small screens, as a card of two lines.
import { IconBrandTelegram } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { compact, money } from "~/format/number";
import { AgentBadge } from "~/page/instance/AgentBadge";
import { useModelName } from "~/page/instance/model/names";
import { Portrait } from "~/page/instance/Portrait";
import { Hint } from "~/pattern/Hint";
import { Time } from "~/pattern/Time";
import type { Column } from "~/pattern/VirtualTable";
import { lastMessage } from "./filter";
import classes from "./List.module.css";

export function useColumns(): Column<Instance>[] {
  const { t } = useTranslation("instance");
  return useMemo(
    () => [
      {
        id: "name",
        header: t("list.name"),
        width: "minmax(0, 2.2fr)",
        sortable: true,
        cell: (row) => <Name agent={row} />,
      },
      {
        id: "state",
        header: t("list.state"),
        width: "168px",
        sortable: true,
        cell: (row) => <AgentBadge agent={row} />,
      },
      {
        id: "model",
        header: t("list.model"),
        from: "lg",
        width: "minmax(0, 1.3fr)",
        cell: (row) => <ModelName model={row.model} />,
      },
      {
        id: "message",
        header: t("list.message"),
        from: "md",
        width: "minmax(104px, 1fr)",
        sortable: true,
        cell: (row) => <Last agent={row} />,
      },
      {
        id: "spend",
        header: t("list.spend"),
        width: "128px",
        align: "end",
        sortable: true,
        cell: (row) => <Spend agent={row} />,
      },
      {
        id: "channel",
        header: t("list.channel"),
        hiddenHeader: true,
        from: "md",
        width: "24px",
        cell: (row) => <Channel agent={row} />,
      },
    ],
    [t],
  );
}

export function Card({ agent }: { agent: Instance }) {
  return (
    <div className={classes.card}>
      <Portrait name={agent.name} size={36} />
      <div className={classes.cardWords}>
        <div className={classes.cardLine}>
          <NameLink agent={agent} />
          <AgentBadge agent={agent} />
        </div>
        <div className={classes.cardLine} data-soft>
          <span className="truncate">
            <Last agent={agent} />
          </span>
          <span className="figures">{money(agent.month.cost_nano_usd)}</span>
        </div>
      </div>
    </div>
  );
}

function NameLink({ agent }: { agent: Instance }) {
  return (
    <Link to="/instances/$slug" params={{ slug: agent.slug }} className={`${classes.name} truncate foreign`}>
      {agent.name}
    </Link>
  );
}

function Name({ agent }: { agent: Instance }) {
  return (
    <div className={classes.who}>
      <Portrait name={agent.name} size={32} />
      <div className={classes.two}>
        <NameLink agent={agent} />
        <span className={`${classes.soft} truncate`}>{agent.slug}</span>
      </div>
    </div>
  );
}

function ModelName({ model }: { model: string }) {
  const name = useModelName();
  return (
    <span className="truncate foreign" title={model}>
      {name(model)}
    </span>
  );
}

function Last({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const at = lastMessage(agent);
  return at ? <Time at={at} /> : <span className={classes.soft}>{t("list.no_message")}</span>;
}

function Spend({ agent }: { agent: Instance }) {
  const { t } = useTranslation("common");
  return (
    <div className={classes.two}>
      <span>{money(agent.month.cost_nano_usd)}</span>
      <span className={classes.soft}>{t("unit.tokens", { amount: compact(agent.month.tokens) })}</span>
    </div>
  );
}

function Channel({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  if (!agent.telegram) return null;
  const label = t("list.telegram", { bot: agent.telegram.bot_username ?? "Telegram" });
  return (
    <Hint label={() => label}>
      <IconBrandTelegram size={18} stroke={1.7} role="img" aria-label={label} className={classes.channel} />
    </Hint>
  );
}
