// All agents of all tenants: found, chosen, changed together.
import { Button } from "@mantine/core";
import { IconRobot } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "~/pattern/Empty";
import { Page } from "~/pattern/Page";
import { Bar } from "./fleet/Bar";
import { Bulk } from "./fleet/Bulk";
import { FleetCard, useFleetColumns } from "./fleet/columns";
import { Details } from "./fleet/Details";
import { Filters } from "./fleet/Filters";
import { type Action, type Filter, type FleetRow, useFleet } from "./fleet/fleet";
import { SelectionProvider, useSelection } from "./fleet/selection";
import { List } from "./list/List";

const route = getRouteApi("/app/operator/instances");

export function Fleet() {
  const { t } = useTranslation("operator");
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useFleet(filter);
  const selection = useSelection();
  const [asked, setAsked] = useState<{ action: Action; ids: string[] }>();
  const [opened, setOpened] = useState<string>();
  const open = useCallback((row: FleetRow) => setOpened(row.id), []);
  const columns = useFleetColumns(open);
  const card = useMemo(() => ({ height: 66, show: (row: FleetRow) => <FleetCard row={row} open={open} /> }), [open]);

  // Whoever filters anew chooses anew: nothing that is out of sight may be changed.
  const put = (change: Filter) => {
    selection.clear();
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  };
  const clear = () => {
    selection.clear();
    void navigate({ search: {}, replace: true });
  };
  return (
    <Page title={t("fleet.title")} lead={t("fleet.lead")}>
      <Filters filter={filter} onFilter={put} onClear={clear} rows={list.rows ?? []} />
      <SelectionProvider value={selection}>
        <Bar
          list={list}
          filter={filter}
          selection={selection}
          onAction={(action) => setAsked({ action, ids: [...selection.ids] })}
        />
        <List
          label={t("fleet.title")}
          list={list}
          columns={columns}
          card={card}
          rowKey={(row) => row.id}
          onOpen={open}
          filtered={Object.values(filter).some(Boolean)}
          onClear={clear}
          empty={<NoAgents />}
        />
      </SelectionProvider>
      <Details
        row={list.rows?.find((row) => row.id === opened)}
        onClose={() => setOpened(undefined)}
        onAction={(action, row) => setAsked({ action, ids: [row.id] })}
      />
      {asked && <Bulk asked={asked} onClose={() => setAsked(undefined)} onDone={selection.clear} />}
    </Page>
  );
}

function NoAgents() {
  const { t } = useTranslation(["operator", "shell"]);
  const action = (
    <Button component={Link} to="/new">
      {t("shell:new")}
    </Button>
  );
  return (
    <Empty icon={IconRobot} title={t("fleet.empty")} action={action}>
      {t("fleet.empty_words")}
    </Empty>
  );
}
