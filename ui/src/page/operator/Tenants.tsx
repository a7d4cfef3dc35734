// Who has agents here: each tenant with its agents, people and spend.
import { IconBuilding } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { components } from "~/api/schema";
import { compact, money, whole } from "~/format/number";
import { Empty } from "~/pattern/Empty";
import { Page } from "~/pattern/Page";
import { Time } from "~/pattern/Time";
import type { Column } from "~/pattern/VirtualTable";
import { List } from "./list/List";
import classes from "./list/List.module.css";
import { usePaged } from "./list/paging";
import { SearchField } from "./list/SearchField";
import { Tools } from "./list/Tools";
import { Disabled } from "./users/Disabled";

type Tenant = components["schemas"]["TenantRow"];

const route = getRouteApi("/app/operator/tenants");
const card = { height: 70, show: (row: Tenant) => <Card row={row} /> };
const LIMIT = 100;

export function Tenants() {
  const { t } = useTranslation("operator");
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const put = (text: string | undefined) => void navigate({ search: { q: text }, replace: true });
  const list = usePaged({
    key: [...keys.operator, "tenants", q],
    page: (after, signal) =>
      body(api.GET("/api/v1/operator/tenants", { params: { query: { q, after, limit: LIMIT } }, signal })),
  });
  const columns = useColumns();
  return (
    <Page title={t("tenants.title")} lead={t("tenants.lead")}>
      <Tools
        end={
          <span className={classes.soft}>
            {list.total !== undefined && t("tenants.count", { count: list.total, amount: whole(list.total) })}
          </span>
        }
      >
        <SearchField label={t("tenants.search")} value={q} onChange={put} />
      </Tools>
      <List
        label={t("tenants.title")}
        list={list}
        columns={columns}
        card={card}
        rowKey={(row) => row.id}
        filtered={q !== undefined}
        onClear={() => put(undefined)}
        empty={<Empty icon={IconBuilding} title={t("tenants.empty")} />}
      />
    </Page>
  );
}

function useColumns(): Column<Tenant>[] {
  const { t } = useTranslation("operator");
  return useMemo(
    () => [
      { id: "owner", header: t("tenants.owner"), width: "minmax(0, 1.8fr)", cell: (row) => <Who row={row} /> },
      {
        id: "agents",
        header: t("tenants.agents"),
        width: "minmax(0, 1fr)",
        align: "end",
        cell: (row) => <Agents row={row} />,
      },
      {
        id: "members",
        header: t("tenants.members"),
        from: "md",
        width: "72px",
        align: "end",
        cell: (row) => whole(row.members),
      },
      { id: "spend", header: t("tenants.spend"), width: "128px", align: "end", cell: (row) => <Spend row={row} /> },
      {
        id: "since",
        header: t("tenants.since"),
        from: "md",
        width: "112px",
        align: "end",
        cell: (row) => <span className={classes.faint}>{<Time at={row.created_at} />}</span>,
      },
    ],
    [t],
  );
}

function Who({ row }: { row: Tenant }) {
  return (
    <div className={classes.two}>
      <span className={classes.line} style={{ justifyContent: "flex-start" }}>
        <Link to="/operator/instances" search={{ tenant: row.id }} className={`${classes.strong} truncate foreign`}>
          {row.owner}
        </Link>
        {row.disabled_at && <Disabled />}
      </span>
      <span className={`${classes.soft} truncate foreign`}>{row.name}</span>
    </div>
  );
}

function Agents({ row }: { row: Tenant }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.two} data-end>
      <span>{whole(row.instances)}</span>
      <span className={classes.soft}>{t("tenants.running", { count: row.running, amount: whole(row.running) })}</span>
    </div>
  );
}

function Spend({ row }: { row: Tenant }) {
  const { t } = useTranslation("common");
  return (
    <div className={classes.two} data-end>
      <span>{money(row.month_cost_nano_usd)}</span>
      <span className={classes.soft}>{t("unit.tokens", { amount: compact(row.month_tokens) })}</span>
    </div>
  );
}

function Card({ row }: { row: Tenant }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.card}>
      <div className={classes.line}>
        <Link to="/operator/instances" search={{ tenant: row.id }} className={`${classes.strong} truncate foreign`}>
          {row.owner}
        </Link>
        {row.disabled_at ? <Disabled /> : <span className="figures">{money(row.month_cost_nano_usd)}</span>}
      </div>
      <span className={`${classes.soft} truncate`}>
        {t("tenants.of_agents", { count: row.instances, amount: whole(row.instances), running: whole(row.running) })}
      </span>
    </div>
  );
}
