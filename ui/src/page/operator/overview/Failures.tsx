// What went wrong lately, in the words of whatever refused.
import { IconMoodCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Empty } from "~/pattern/Empty";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import classes from "./Overview.module.css";
import type { Overview } from "./overview";

export function Failures({ failures }: { failures: Overview["failures"] }) {
  const { t } = useTranslation(["operator", "common"]);
  const all = (
    <Link to="/operator/operations" search={{ status: "failed" }} className={classes.all}>
      {t("overview.all_failures")}
    </Link>
  );
  return (
    <Panel title={t("overview.failures")} actions={failures.length > 0 && all} flush>
      {failures.length === 0 ? (
        <Empty icon={IconMoodCheck} title={t("overview.no_failures")}>
          {t("overview.no_failures_words")}
        </Empty>
      ) : (
        <ul className={classes.failures}>
          {failures.map((failure) => (
            <li key={failure.operation} className={classes.failure}>
              <div className={`${classes.failureWords} foreign`}>
                <p className={classes.failureTitle}>
                  <Link to="/operator/instances" search={{ q: failure.slug }}>
                    {failure.slug}
                  </Link>{" "}
                  · {t("failed", { what: t(`common:operation.${asKind(failure.kind)}`) })}
                </p>
                <p className={`${classes.quiet} ${classes.clamp}`}>{failure.message}</p>
              </div>
              <div className={classes.failureEnd}>
                <Time at={failure.at} />
                <span className="truncate foreign">{failure.owner}</span>
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

const KINDS = ["create", "start", "stop", "restart", "reconfigure", "delete"] as const;
/** The overview gives the kind as a text. */
const asKind = (kind: string) => KINDS.find((known) => known === kind) ?? "reconfigure";
