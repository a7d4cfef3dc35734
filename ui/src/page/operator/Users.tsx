// The people: who may sign in, who is staff, who was here when.
import { Button } from "@mantine/core";
import { IconShieldHalf, IconUsers } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { whole } from "~/format/number";
import { Badge } from "~/pattern/Badge";
import { Empty } from "~/pattern/Empty";
import { Page } from "~/pattern/Page";
import { Time } from "~/pattern/Time";
import type { Column } from "~/pattern/VirtualTable";
import { useMe } from "~/session/me";
import { List } from "./list/List";
import classes from "./list/List.module.css";
import { usePaged } from "./list/paging";
import { SearchField } from "./list/SearchField";
import { Tools } from "./list/Tools";
import { Disabled } from "./users/Disabled";
import { type Person, Switch } from "./users/Switch";

const route = getRouteApi("/app/operator/users");
const STAFF = { tone: "busy", icon: IconShieldHalf } as const;
const LIMIT = 100;

export function Users() {
  const { t } = useTranslation("operator");
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const [asked, setAsked] = useState<Person>();
  const put = (text: string | undefined) => void navigate({ search: { q: text }, replace: true });
  const list = usePaged({
    key: [...keys.operator, "users", q],
    page: (after, signal) =>
      body(api.GET("/api/v1/operator/users", { params: { query: { q, after, limit: LIMIT } }, signal })),
  });
  const columns = useColumns(setAsked);
  const card = useMemo(() => ({ height: 84, show: (row: Person) => <Card row={row} ask={setAsked} /> }), []);
  const close = useCallback(() => setAsked(undefined), []);
  return (
    <Page title={t("users.title")} lead={t("users.lead")}>
      <Tools
        end={
          <span className={classes.soft}>
            {list.total !== undefined && t("users.count", { count: list.total, amount: whole(list.total) })}
          </span>
        }
      >
        <SearchField label={t("users.search")} value={q} onChange={put} />
      </Tools>
      <List
        label={t("users.title")}
        list={list}
        columns={columns}
        card={card}
        rowKey={(row) => row.id}
        filtered={q !== undefined}
        onClear={() => put(undefined)}
        empty={<Empty icon={IconUsers} title={t("users.empty")} />}
      />
      {asked && <Switch person={asked} onClose={close} />}
    </Page>
  );
}

type Ask = (person: Person) => void;

function useColumns(ask: Ask): Column<Person>[] {
  const { t } = useTranslation("operator");
  return useMemo(
    () => [
      { id: "email", header: t("users.person"), width: "minmax(0, 1.8fr)", cell: (row) => <Who row={row} /> },
      {
        id: "tenants",
        header: t("users.tenants"),
        from: "lg",
        width: "72px",
        align: "end",
        cell: (row) => whole(row.tenants),
      },
      {
        id: "sessions",
        header: t("users.sessions"),
        from: "md",
        width: "96px",
        align: "end",
        cell: (row) => whole(row.sessions),
      },
      {
        id: "seen",
        header: t("users.seen"),
        width: "120px",
        align: "end",
        cell: (row) => <span className={classes.faint}>{<Time at={row.last_seen_at} />}</span>,
      },
      {
        id: "since",
        header: t("users.since"),
        from: "md",
        width: "112px",
        align: "end",
        cell: (row) => <span className={classes.faint}>{<Time at={row.created_at} />}</span>,
      },
      {
        id: "act",
        header: t("users.actions"),
        hiddenHeader: true,
        width: "96px",
        align: "end",
        cell: (row) => <Act row={row} ask={ask} />,
      },
    ],
    [t, ask],
  );
}

function Who({ row }: { row: Person }) {
  const { t } = useTranslation("operator");
  return (
    <span className={classes.line} style={{ justifyContent: "flex-start" }}>
      <span className={`${classes.strong} truncate foreign`} title={row.email}>
        {row.email}
      </span>
      {row.is_operator && <Badge look={STAFF}>{t("users.operator")}</Badge>}
      {row.disabled_at && <Disabled />}
    </span>
  );
}

/** Nobody locks themselves out. */
function Act({ row, ask }: { row: Person; ask: Ask }) {
  const { t } = useTranslation("operator");
  const me = useMe();
  if (me?.id === row.id) return <span className={classes.soft}>{t("users.you")}</span>;
  const wish = row.disabled_at ? "enable" : "disable";
  return (
    <Button
      variant="default"
      size="compact-sm"
      aria-label={t(`users.${wish}_who`, { email: row.email })}
      onClick={() => ask(row)}
    >
      {t(`users.${wish}_short`)}
    </Button>
  );
}

function Card({ row, ask }: { row: Person; ask: Ask }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.card}>
      <Who row={row} />
      <div className={classes.line}>
        <span className={classes.soft}>
          {t("users.seen")}: <Time at={row.last_seen_at} />
        </span>
        <Act row={row} ask={ask} />
      </div>
    </div>
  );
}
