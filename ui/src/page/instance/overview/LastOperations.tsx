// What was done to the agent last, and how it went.
import { useTranslation } from "react-i18next";
import type { Instance, Operation } from "~/api/types";
import { duration } from "~/format/number";
import { StatusBadge } from "~/pattern/Badge";
import { Await, Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import { useOperations } from "../agent";
import classes from "./Overview.module.css";

const SHOWN = 5;

export function LastOperations({ agent }: { agent: Instance }) {
  const { t } = useTranslation(["instance", "common"]);
  const query = useOperations(agent.slug);
  return (
    <Panel title={t("operations.title")} flush>
      <Await
        query={query}
        skeleton={
          <div className={classes.waiting}>
            <Lines count={3} />
          </div>
        }
      >
        {({ items }) => (
          <ul className={classes.list}>
            {items.slice(0, SHOWN).map((operation) => (
              <li key={operation.id} className={classes.item}>
                <span className={classes.itemWords}>
                  {t(`common:operation.${operation.kind}`)}
                  <span className={classes.took}>
                    {" "}
                    {took(operation, (text) => t("common:took", { duration: text }))}
                  </span>
                </span>
                <span className={classes.itemEnd}>
                  <Time at={operation.created_at} />
                </span>
                <StatusBadge status={operation.status} />
              </li>
            ))}
            {items.length === 0 && <li className={`${classes.item} ${classes.label}`}>{t("operations.none")}</li>}
          </ul>
        )}
      </Await>
    </Panel>
  );
}

function took(operation: Operation, words: (text: string) => string): string {
  if (!operation.finished_at || operation.status === "superseded") return "";
  return words(duration(new Date(operation.finished_at).getTime() - new Date(operation.created_at).getTime()));
}
