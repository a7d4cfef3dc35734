// Who did what to whom, in one line, and the rest when it is opened.
import { Button } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "~/api/types";
import { dateTime } from "~/format/time";
import { Time } from "~/pattern/Time";
import { Facts } from "../list/Facts";
import classes from "./Audit.module.css";
import type { Filter } from "./audit";
import { type Fact, facts } from "./detail";
import { useAuditWords } from "./words";

export function Line({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("operator");
  const words = useAuditWords();
  const who = entry.actor === "system" ? t("audit.system") : (entry.actor_name ?? entry.actor);
  return (
    <span className={classes.line}>
      <span className={`${classes.what} foreign`}>
        <span className={classes.action}>{words.action(entry.action)}</span>
        <span className={`${classes.soft} truncate`}>{entry.target_name ?? entry.target}</span>
      </span>
      <span className={`${classes.who} truncate foreign`}>{who}</span>
      <span className={classes.when}>
        <Time at={entry.at} />
      </span>
    </span>
  );
}

interface InsideProps {
  entry: AuditEntry;
  onFilter: (change: Filter) => void;
}

export function Inside({ entry, onFilter }: InsideProps) {
  const { t } = useTranslation("operator");
  const words = useAuditWords();
  const more = facts(entry.detail);
  const named = (name: string | undefined | null, id: string) => (name ? `${name} (${id})` : id);
  return (
    <div className={classes.inside}>
      <Facts
        facts={[
          [t("audit.at"), dateTime(new Date(entry.at))],
          [t("audit.actor"), named(entry.actor_name, entry.actor)],
          [t("audit.target"), named(entry.target_name, entry.target)],
          ...(entry.tenant ? ([[t("audit.tenant"), entry.tenant]] as [string, string][]) : []),
          [t("audit.name"), entry.action],
        ]}
      />
      <div>
        <h3 className={classes.heading}>{t("audit.detail")}</h3>
        {more.length === 0 ? (
          <p className={classes.soft}>{t("audit.no_detail")}</p>
        ) : (
          <Facts facts={more.map((fact) => [words.key(fact.name), <Value key={fact.name} fact={fact} />])} />
        )}
        <div className={classes.links}>
          <Button variant="default" size="compact-xs" onClick={() => onFilter({ actor: entry.actor })}>
            {t("audit.only_actor")}
          </Button>
          <Button variant="default" size="compact-xs" onClick={() => onFilter({ target: entry.target })}>
            {t("audit.only_target")}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Value({ fact }: { fact: Fact }) {
  const { t } = useTranslation("operator");
  if ("value" in fact) return fact.value || t("audit.nothing");
  return (
    <span className={classes.change}>
      <del>{fact.before || t("audit.nothing")}</del>
      <IconArrowRight size={14} aria-label={t("plans.becomes")} role="img" />
      <ins>{fact.after || t("audit.nothing")}</ins>
    </span>
  );
}
