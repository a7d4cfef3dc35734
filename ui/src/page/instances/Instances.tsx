// The tenant's agents. Filtering and sorting happen here, over everything that is loaded; the server is only asked what there is.
import { Button } from "@mantine/core";
import { IconFilterOff } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { Empty } from "~/pattern/Empty";
import { Failure } from "~/pattern/Failure";
import { Page } from "~/pattern/Page";
import { VirtualTable } from "~/pattern/VirtualTable";
import { useAgents } from "./list/agents";
import { Card, useColumns } from "./list/columns";
import { FirstAgent } from "./list/FirstAgent";
import { counts, type Group, inGroup, matching, type Order, sorted, startsDescending } from "./list/filter";
import { Tools } from "./list/Tools";

const route = getRouteApi("/app/instances");
const card = { height: 68, show: (agent: Instance) => <Card agent={agent} /> };

export function Instances() {
  const { t } = useTranslation("instance");
  const { rows, error, refetch } = useAgents();
  const body = rows ? rows.length === 0 ? <FirstAgent /> : <List agents={rows} /> : <List />;
  return (
    <Page title={t("list.title")}>
      {rows || !error ? body : <Failure error={error} retry={() => void refetch()} />}
    </Page>
  );
}

const NONE: Instance[] = [];

function List({ agents }: { agents?: Instance[] }) {
  const { t, i18n } = useTranslation("instance");
  const { state: group = "all", sort: order = "name", down } = route.useSearch();
  const navigate = route.useNavigate();
  const [text, setText] = useState("");
  const searched = useDeferredValue(text);
  const columns = useColumns();

  const all = agents ?? NONE;
  const descending = down ?? startsDescending(order);
  const found = useMemo(() => matching(all, searched), [all, searched]);
  const sums = useMemo(() => counts(found), [found]);
  const rows = useMemo(
    () => sorted(inGroup(found, group), order, descending, i18n.language),
    [found, group, order, descending, i18n.language],
  );

  const put = (search: { state?: Group; sort?: Order; down?: boolean }) =>
    void navigate({ search: (now) => ({ ...now, ...search }), replace: true });
  // One and the same, so that an answer of which nothing is new draws no row.
  const open = useCallback(
    (row: Instance) => void navigate({ to: "/instances/$slug", params: { slug: row.slug } }),
    [navigate],
  );
  const clear = () => {
    setText("");
    put({ state: undefined });
  };
  const nothing = (
    <Empty
      icon={IconFilterOff}
      title={t("list.nothing")}
      action={
        <Button variant="default" onClick={clear}>
          {t("list.clear")}
        </Button>
      }
    />
  );
  return (
    <>
      <Tools
        text={text}
        onText={setText}
        group={group}
        onGroup={(name) => put({ state: name === "all" ? undefined : name })}
        sums={sums}
        order={order}
        onOrder={(name) => put({ sort: name, down: undefined })}
      />
      <VirtualTable
        label={t("list.title")}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        card={card}
        loading={agents === undefined}
        onOpen={open}
        sort={{ by: order, descending }}
        onSort={(by) => put({ sort: by as Order, down: by === order ? !descending : undefined })}
        empty={nothing}
      />
    </>
  );
}
