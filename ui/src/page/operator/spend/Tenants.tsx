// Who spent how much, sortable and searchable. What a tenant's own keys paid stands apart, for it is on no invoice of ours.
import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { compact, money, whole } from "~/format/number";
import { type Column, VirtualTable } from "~/pattern/VirtualTable";
import { Edit, type Scope } from "../limits/Edit";
import { NothingFound } from "../list/List";
import list from "../list/List.module.css";
import { SearchField } from "../list/SearchField";
import { found, type Key, type Order, onPlatform, ordered, pressed } from "./order";
import classes from "./Spend.module.css";
import type { TenantCost } from "./spend";

const route = getRouteApi("/app/operator/spend");
/** More are not in the answer. */
const MOST = 500;

export function Tenants({ rows, days }: { rows: TenantCost[]; days: number }) {
  const { t, i18n } = useTranslation("operator");
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const put = (text: string | undefined) => void navigate({ search: { q: text }, replace: true, resetScroll: false });
  const [order, setOrder] = useState<Order>({ by: "cost", descending: true });
  const [limited, setLimited] = useState<Scope>();
  const limit = useCallback((row: TenantCost) => setLimited({ id: row.tenant_id, name: row.owner || row.name }), []);
  const columns = useColumns(limit);
  const card = useMemo(() => ({ height: 88, show: (row: TenantCost) => <Card row={row} limit={limit} /> }), [limit]);
  const shown = useMemo(() => ordered(found(rows, q), order, i18n.language), [rows, q, order, i18n.language]);
  const title = t("spend.by_tenant", { count: days });
  return (
    <section className={classes.tenants} aria-label={title}>
      <div className={classes.head}>
        <h2 className={classes.title}>{title}</h2>
        <span className={list.soft}>
          {rows.length >= MOST
            ? t("spend.most", { amount: whole(MOST) })
            : t("tenants.count", { count: rows.length, amount: whole(rows.length) })}
        </span>
        <SearchField label={t("spend.search")} value={q || undefined} onChange={put} />
      </div>
      <VirtualTable
        label={title}
        rows={shown}
        columns={columns}
        card={card}
        rowKey={(row) => row.tenant_id}
        sort={order}
        onSort={(by) => setOrder((now) => pressed(now, by as Key))}
        empty={q ? <NothingFound onClear={() => put(undefined)} /> : <p className={list.soft}>{t("spend.none")}</p>}
      />
      {limited && <Edit kind="tenant" scope={limited} onClose={() => setLimited(undefined)} />}
    </section>
  );
}

type Limit = (row: TenantCost) => void;

function useColumns(limit: Limit): Column<TenantCost>[] {
  const { t } = useTranslation("operator");
  return useMemo(() => {
    const figure = (id: Key, width: string, cell: (row: TenantCost) => string, from?: "md" | "lg") => ({
      id,
      header: t(`spend.column.${id}`),
      width,
      from,
      align: "end" as const,
      sortable: true,
      cell,
    });
    return [
      {
        id: "tenant",
        header: t("spend.column.tenant"),
        width: "minmax(0, 1.8fr)",
        sortable: true,
        cell: (row) => <Who row={row} />,
      },
      figure("calls", "84px", (row) => compact(row.calls), "lg"),
      figure("tokens", "84px", (row) => compact(row.tokens), "md"),
      figure("platform", "116px", (row) => money(onPlatform(row))),
      figure("own", "116px", (row) => money(row.own_key_cost_nano_usd)),
      figure("cost", "104px", (row) => money(row.cost_nano_usd), "md"),
      {
        id: "act",
        header: t("spend.actions"),
        hiddenHeader: true,
        width: "104px",
        align: "end",
        cell: (row) => <Act row={row} limit={limit} />,
      },
    ];
  }, [t, limit]);
}

function Who({ row }: { row: TenantCost }) {
  return (
    <div className={list.two}>
      <Agents row={row} />
      {row.owner && row.name !== row.owner && <span className={`${list.soft} truncate foreign`}>{row.name}</span>}
    </div>
  );
}

function Agents({ row }: { row: TenantCost }) {
  return (
    <Link to="/operator/instances" search={{ tenant: row.tenant_id }} className={`${list.strong} truncate foreign`}>
      {row.owner || row.name || row.tenant_id}
    </Link>
  );
}

function Act({ row, limit }: { row: TenantCost; limit: Limit }) {
  const { t } = useTranslation("operator");
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={t("limits.add_for", { name: row.owner || row.name })}
      onClick={() => limit(row)}
    >
      {t("limits.add_short")}
    </Button>
  );
}

function Card({ row, limit }: { row: TenantCost; limit: Limit }) {
  const { t } = useTranslation("operator");
  return (
    <div className={list.card}>
      <div className={list.line}>
        <Agents row={row} />
        <span className="figures">{money(row.cost_nano_usd)}</span>
      </div>
      <div className={list.line}>
        <span className={`${list.soft} figures`}>
          {t("spend.card", { tokens: compact(row.tokens), own: money(row.own_key_cost_nano_usd) })}
        </span>
        <Act row={row} limit={limit} />
      </div>
    </div>
  );
}
