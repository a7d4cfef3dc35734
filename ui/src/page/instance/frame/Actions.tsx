// Switching on, off, and anew. Each says what it does before it is done; what interrupts people asks first.
import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconPlayerPlay, IconPower, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isOver } from "~/api/operation";
import type { Instance } from "~/api/types";
import { Confirm } from "~/pattern/Confirm";
import { useMayChange } from "../agent";
import classes from "./Frame.module.css";
import { useWish } from "./wish";

const SHAPES = { start: IconPlayerPlay, restart: IconRefresh, stop: IconPower } as const;
type Action = keyof typeof SHAPES;

export function Actions({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const [asking, setAsking] = useState<"stop" | "restart">();
  const wish = useWish(agent.slug);
  const mayChange = useMayChange();
  if (!mayChange || agent.state === "deleting" || agent.desired === "deleted") return null;

  const off = agent.desired === "stopped";
  const choose = (action: Action) => {
    wish.reset();
    if (action === "start") wish.mutate("start");
    else setAsking(action);
  };
  const offered: Action[] = off ? ["start"] : ["restart", "stop"];
  return (
    <>
      {off ? (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={wish.isPending}
          onClick={() => choose("start")}
        >
          {t("action.start.verb")}
        </Button>
      ) : (
        <Menu position="bottom-end" width={300} shadow="md">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />} loading={wish.isPending}>
              {t("action.label")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {offered.map((action) => (
              <Item key={action} action={action} onClick={() => choose(action)} />
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Confirm
        opened={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={t(`action.${asking ?? "stop"}.title`, { name: agent.name })}
        verb={t(`action.${asking ?? "stop"}.verb`)}
        danger={asking === "stop"}
        busy={wish.isPending}
        error={wish.error}
        onConfirm={() => asking && wish.mutate(asking, { onSuccess: () => setAsking(undefined) })}
      >
        <p className={classes.ask}>{t(`action.${asking ?? "stop"}.ask`)}</p>
        {agent.operation && !isOver(agent.operation) && <p className={classes.ask}>{t("action.replaces")}</p>}
      </Confirm>
    </>
  );
}

function Item({ action, onClick }: { action: Action; onClick: () => void }) {
  const { t } = useTranslation("instance");
  const Shape = SHAPES[action];
  return (
    <Menu.Item leftSection={<Shape size={18} stroke={1.7} aria-hidden />} onClick={onClick}>
      <span className={classes.item}>
        <span className={classes.itemVerb}>{t(`action.${action}.verb`)}</span>
        <span className={classes.itemWhat}>{t(`action.${action}.what`)}</span>
      </span>
    </Menu.Item>
  );
}
