// OpenClaw releases on this host: which one new agents get, how large they are, who still runs the old ones.

import { IconPackage, IconSparkles } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { bytes, whole } from "~/format/number";
import { Badge } from "~/pattern/Badge";
import { type Column, DataTable } from "~/pattern/DataTable";
import { Empty } from "~/pattern/Empty";
import { Await, Lines } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import classes from "./list/List.module.css";
import { type Release, releasesQuery } from "./releases";

const NEWEST = { tone: "good", icon: IconSparkles } as const;

export function Releases() {
  const { t } = useTranslation("operator");
  const query = useQuery(releasesQuery);
  return (
    <Page title={t("releases.title")} lead={t("releases.lead")}>
      <Await query={query} skeleton={<Panel>{<Lines count={5} />}</Panel>}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty icon={IconPackage} title={t("releases.empty")}>
              {t("releases.empty_words")}
            </Empty>
          ) : (
            <Panel flush>
              <Table items={items} />
            </Panel>
          )
        }
      </Await>
    </Page>
  );
}

function Table({ items }: { items: Release[] }) {
  const { t } = useTranslation("operator");
  const newest = items[0]?.id;
  const columns: Column<Release>[] = [
    { id: "version", header: t("releases.version"), cell: (row) => <Version row={row} newest={row.id === newest} /> },
    { id: "digest", header: t("releases.digest"), from: "md", cell: (row) => <Digest digest={row.digest} /> },
    { id: "agents", header: t("releases.agents"), align: "end", cell: (row) => <Agents row={row} /> },
    { id: "size", header: t("releases.size"), align: "end", from: "sm", cell: (row) => bytes(row.size_bytes) },
    { id: "at", header: t("releases.at"), align: "end", from: "sm", cell: (row) => <Time at={row.created_at} /> },
  ];
  return <DataTable label={t("releases.title")} columns={columns} rows={items} rowKey={(row) => row.id} />;
}

function Version({ row, newest }: { row: Release; newest: boolean }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.two}>
      <span className={classes.line} style={{ justifyContent: "flex-start" }}>
        <span className={`${classes.strong} foreign`}>{row.openclaw}</span>
        {newest && <Badge look={NEWEST}>{t("releases.newest")}</Badge>}
      </span>
      <span className={`${classes.soft} foreign`}>{row.tag}</span>
    </div>
  );
}

function Agents({ row }: { row: Release }) {
  if (row.instances === 0) return <span className={classes.faint}>{whole(0)}</span>;
  return (
    <Link to="/operator/instances" search={{ release: row.openclaw }} className={classes.strong}>
      {whole(row.instances)}
    </Link>
  );
}

/** Enough of it to tell two apart; all of it on hover. */
const Digest = ({ digest }: { digest: string }) => (
  <span className={`${classes.mono} ${classes.faint}`} title={digest}>
    {digest.replace(/^sha256:/, "").slice(0, 12)}
  </span>
);
