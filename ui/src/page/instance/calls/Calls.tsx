// The newest model calls: when, which model, why, at what cost, how long, and how they ended. Never what was said.
import { Button, Switch } from "@mantine/core";
import { IconMessageCircleOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelCall } from "~/api/types";
import { DataTable } from "~/pattern/DataTable";
import { Empty } from "~/pattern/Empty";
import { Await, Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { useModelName } from "../model/names";
import classes from "./Calls.module.css";
import { useCalls } from "./calls";
import { Called, Cost, Ended, Tokens, Took } from "./cells";

export function Calls({ slug }: { slug: string }) {
  const { t } = useTranslation("instance");
  const [failed, setFailed] = useState(false);
  const query = useCalls(slug, failed);
  const rest = query.hasNextPage && (
    <div className={classes.rest}>
      <Button variant="subtle" size="xs" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t("calls.more")}
      </Button>
    </div>
  );
  return (
    <Panel
      title={t("calls.title")}
      lead={t("calls.lead")}
      flush
      actions={
        <Switch
          size="xs"
          label={t("calls.failed_only")}
          checked={failed}
          onChange={(event) => setFailed(event.currentTarget.checked)}
        />
      }
    >
      <Await query={{ ...query, data: query.rows }} skeleton={<Waiting />}>
        {(rows) => (
          <>
            <Table rows={rows} failed={failed} />
            {rest}
          </>
        )}
      </Await>
    </Panel>
  );
}

function Waiting() {
  return (
    <div className={classes.waiting}>
      <Lines count={6} height={20} />
    </div>
  );
}

function Table({ rows, failed }: { rows: ModelCall[]; failed: boolean }) {
  const { t } = useTranslation("instance");
  const name = useModelName();
  return (
    <DataTable
      label={t("calls.title")}
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        {
          id: "model",
          header: t("calls.call"),
          cell: (call) => <Called call={call} model={name(`${call.provider}/${call.model}`)} />,
        },
        { id: "tokens", header: t("usage.tokens"), align: "end", from: "sm", cell: (call) => <Tokens call={call} /> },
        { id: "cost", header: t("calls.cost"), align: "end", cell: (call) => <Cost call={call} /> },
        { id: "took", header: t("calls.took"), align: "end", from: "md", cell: (call) => <Took call={call} /> },
        { id: "ended", header: t("calls.ended"), from: "sm", cell: (call) => <Ended call={call} /> },
      ]}
      empty={
        <Empty icon={IconMessageCircleOff} title={t(failed ? "calls.none_failed" : "calls.none")}>
          {!failed && t("calls.none_words")}
        </Empty>
      }
    />
  );
}
