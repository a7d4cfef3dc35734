// One agent of the fleet, beside the list: what it is, what is wrong with it, and what can be done.
import { Button, Drawer, Group, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { compact, money } from "~/format/number";
import { dateTime } from "~/format/time";
import { StateBadge } from "~/pattern/Badge";
import { Notice } from "~/pattern/Notice";
import { Time } from "~/pattern/Time";
import { useMe } from "~/session/me";
import { Facts } from "../list/Facts";
import classes from "./Fleet.module.css";
import type { Action, FleetRow } from "./fleet";

interface Props {
  row: FleetRow | undefined;
  onClose: () => void;
  onAction: (action: Action, row: FleetRow) => void;
}

const ACTIONS: Action[] = ["start", "stop", "restart"];

export function Details({ row, onClose, onAction }: Props) {
  const { t } = useTranslation(["operator", "common"]);
  return (
    <Drawer
      opened={row !== undefined}
      onClose={onClose}
      position="right"
      size={440}
      title={<span className={`${classes.name} foreign`}>{row?.name}</span>}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      {row && (
        <Stack gap="lg">
          {row.message && (
            <Notice tone={row.state === "error" ? "bad" : "warn"} title={t("fleet.says")}>
              {row.message}
            </Notice>
          )}
          <Group gap="xs">
            {ACTIONS.map((action) => (
              <Button key={action} variant="default" size="xs" onClick={() => onAction(action, row)}>
                {t(`fleet.do.${action}`)}
              </Button>
            ))}
            <OwnPage row={row} />
          </Group>
          <What row={row} />
        </Stack>
      )}
    </Drawer>
  );
}

/** An operator sees another tenant's agent from outside only. */
function OwnPage({ row }: { row: FleetRow }) {
  const { t } = useTranslation("common");
  const me = useMe();
  if (me?.tenant !== row.tenant) return null;
  return (
    <Button component={Link} to={`/instances/${row.slug}`} size="xs">
      {t("action.open")}
    </Button>
  );
}

function What({ row }: { row: FleetRow }) {
  const { t } = useTranslation(["operator", "common"]);
  return (
    <Facts
      facts={[
        [t("fleet.state"), <StateBadge key="state" state={row.state} />],
        [t("fleet.desired"), t(`fleet.wish.${row.desired}`)],
        [t("fleet.owner"), row.owner],
        [t("fleet.plan"), row.plan],
        [t("fleet.model"), row.model],
        [t("fleet.release"), row.release ?? t("common:none")],
        [
          t("fleet.spend"),
          `${money(row.month_cost_nano_usd)} · ${t("common:unit.tokens", { amount: compact(row.month_tokens) })}`,
        ],
        [t("fleet.message"), <Time key="message" at={row.last_message_at} />],
        [t("fleet.created"), dateTime(new Date(row.created_at))],
        [t("fleet.address"), row.slug],
        [t("fleet.tenant"), row.tenant],
        [t("fleet.id"), row.id],
      ]}
    />
  );
}
