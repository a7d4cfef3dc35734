// What a change is made of: its steps where they are ours to read, else how many of them are done; and who asked.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useOperation } from "~/api/operation";
import { whole } from "~/format/number";
import { dateTime } from "~/format/time";
import { Await } from "~/pattern/Loading";
import { Notice } from "~/pattern/Notice";
import { Steps } from "~/pattern/Steps";
import { useMe } from "~/session/me";
import { Facts } from "../list/Facts";
import classes from "./Operations.module.css";
import type { FleetOperation } from "./operation";

export function Inside({ row }: { row: FleetOperation }) {
  const me = useMe();
  const own = me?.tenants.some(({ id }) => id === row.tenant) ?? false;
  return (
    <div className={classes.inside}>
      <div>{own ? <OwnSteps id={row.id} /> : <OthersSteps row={row} />}</div>
      <About row={row} />
    </div>
  );
}

function OwnSteps({ id }: { id: string }) {
  const query = useOperation(id);
  return <Await query={query}>{(operation) => <Steps operation={operation} />}</Await>;
}

/** The steps of another tenant's change are theirs; how far it is and why it failed are known. */
function OthersSteps({ row }: { row: FleetOperation }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.others}>
      <p className={classes.soft}>{t("operations.steps_done", { done: whole(row.steps_done), count: row.steps })}</p>
      {row.error && <Notice tone={row.status === "failed" ? "bad" : "warn"}>{row.error}</Notice>}
    </div>
  );
}

function About({ row }: { row: FleetOperation }) {
  const { t } = useTranslation("operator");
  const agent = (
    <Link to="/operator/instances" search={{ q: row.slug }}>
      {row.slug}
    </Link>
  );
  const moment = (at: string) => dateTime(new Date(at));
  return (
    <Facts
      facts={[
        [t("operations.agent"), agent],
        [t("operations.owner"), row.owner],
        [t("operations.actor"), row.actor === "system" ? t("operations.system") : row.actor],
        [t("operations.attempt"), whole(row.attempt)],
        [t("operations.began"), moment(row.created_at)],
        ...(row.finished_at ? ([[t("operations.ended"), moment(row.finished_at)]] as [string, string][]) : []),
        [t("operations.id"), row.id],
      ]}
    />
  );
}
