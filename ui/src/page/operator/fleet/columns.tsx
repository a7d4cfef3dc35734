// What the list of all agents says about each, as columns and, on small screens, as a card.
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { compact, money } from "~/format/number";
import { StateBadge } from "~/pattern/Badge";
import { Time } from "~/pattern/Time";
import type { Column } from "~/pattern/VirtualTable";
import classes from "../list/List.module.css";
import type { FleetRow } from "./fleet";
import { Tick } from "./selection";

export function useFleetColumns(open: (row: FleetRow) => void): Column<FleetRow>[] {
  const { t } = useTranslation("operator");
  return useMemo(
    () => [
      {
        id: "tick",
        header: t("fleet.selection"),
        hiddenHeader: true,
        width: "20px",
        cell: (row) => <Tick row={row} />,
      },
      {
        id: "name",
        header: t("fleet.agent"),
        width: "minmax(0, 1.7fr)",
        cell: (row) => <Name row={row} open={open} />,
      },
      {
        id: "owner",
        header: t("fleet.owner"),
        from: "md",
        width: "minmax(0, 1.4fr)",
        cell: (row) => <Owner row={row} />,
      },
      { id: "state", header: t("fleet.state"), width: "142px", cell: (row) => <StateBadge state={row.state} /> },
      { id: "plan", header: t("fleet.plan"), from: "lg", width: "96px", cell: (row) => <PlanAndRelease row={row} /> },
      { id: "spend", header: t("fleet.spend"), width: "104px", align: "end", cell: (row) => <Spend row={row} /> },
      {
        id: "message",
        header: t("fleet.message"),
        from: "lg",
        width: "104px",
        align: "end",
        cell: (row) => <span className={classes.faint}>{<Time at={row.last_message_at} />}</span>,
      },
    ],
    [t, open],
  );
}

function Name({ row, open }: { row: FleetRow; open: (row: FleetRow) => void }) {
  return (
    <div className={classes.two}>
      <button type="button" className={`${classes.strong} truncate foreign`} onClick={() => open(row)}>
        {row.name}
      </button>
      <span className={`${classes.soft} truncate`}>{row.slug}</span>
    </div>
  );
}

function Owner({ row }: { row: FleetRow }) {
  return (
    <Link
      to="/operator/instances"
      search={{ tenant: row.tenant }}
      className={`${classes.faint} truncate foreign`}
      title={row.owner}
    >
      {row.owner}
    </Link>
  );
}

function PlanAndRelease({ row }: { row: FleetRow }) {
  return (
    <div className={classes.two}>
      <span className="truncate foreign">{row.plan}</span>
      <span className={`${classes.soft} truncate foreign`}>{row.release}</span>
    </div>
  );
}

function Spend({ row }: { row: FleetRow }) {
  const { t } = useTranslation("common");
  return (
    <div className={classes.two} data-end>
      <span>{money(row.month_cost_nano_usd)}</span>
      <span className={classes.soft}>{t("unit.tokens", { amount: compact(row.month_tokens) })}</span>
    </div>
  );
}

export function FleetCard({ row, open }: { row: FleetRow; open: (row: FleetRow) => void }) {
  return (
    <div className={classes.line}>
      <Tick row={row} />
      <div className={classes.card} style={{ flex: 1 }}>
        <div className={classes.line}>
          <button type="button" className={`${classes.strong} truncate foreign`} onClick={() => open(row)}>
            {row.name}
          </button>
          <StateBadge state={row.state} />
        </div>
        <div className={classes.line}>
          <span className={`${classes.soft} truncate foreign`}>{row.owner}</span>
          <span className={`${classes.soft} figures`}>{money(row.month_cost_nano_usd)}</span>
        </div>
      </div>
    </div>
  );
}
