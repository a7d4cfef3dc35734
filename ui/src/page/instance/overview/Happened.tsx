// The last entries of the agent's history.
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { AnchorLink } from "~/pattern/LinkTo";
import { Await, Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import { useHistory } from "../activity/history";
import { useSentence } from "../activity/sentence";
import classes from "./Overview.module.css";

const SHOWN = 5;

export function Happened({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const query = useHistory({ target: agent.id });
  const sentence = useSentence();
  return (
    <Panel
      title={t("tab.activity")}
      flush
      actions={
        <AnchorLink to="/instances/$slug/activity" params={{ slug: agent.slug }} size="sm">
          {t("activity.all")}
        </AnchorLink>
      }
    >
      <Await
        query={{ ...query, data: query.entries }}
        skeleton={
          <div className={classes.waiting}>
            <Lines count={3} />
          </div>
        }
      >
        {(entries) => (
          <ul className={classes.list}>
            {entries.slice(0, SHOWN).map((entry) => (
              <li key={entry.id} className={classes.item}>
                <span className={`${classes.itemWords} foreign`}>{sentence(entry, { about: "this" })}</span>
                <span className={classes.itemEnd}>
                  <Time at={entry.at} />
                </span>
              </li>
            ))}
            {entries.length === 0 && <li className={`${classes.item} ${classes.label}`}>{t("activity.none")}</li>}
          </ul>
        )}
      </Await>
    </Panel>
  );
}
