// All prices that a kind of call had, has and will have, with their sources. Only the operator's own can be removed.
import { Button } from "@mantine/core";
import { IconCircleCheck, IconClock, IconExternalLink, IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { dollars } from "~/format/dollars";
import { dateTime } from "~/format/time";
import { Badge } from "~/pattern/Badge";
import { useNow } from "~/pattern/Time";
import type { Start } from "./Add";
import { OriginBadge } from "./Line";
import classes from "./Prices.module.css";
import { type Group, linkOf, PARTS, type Price, when } from "./prices";
import { Remove } from "./Remove";

const WHEN = {
  now: { tone: "good", icon: IconCircleCheck },
  coming: { tone: "busy", icon: IconClock },
  past: { tone: "quiet", icon: IconHistory },
} as const;

export function History({ group, onChange }: { group: Group; onChange: (start: Start) => void }) {
  const { t } = useTranslation("operator");
  const [leaving, setLeaving] = useState<Price>();
  const { provider, model, tier, from } = group;
  const start = group.current ?? group.rows[0];
  return (
    <div className={classes.history}>
      <ol className={classes.rows} aria-label={t("prices.history", { model })}>
        {group.rows.map((row) => (
          <Row key={row.id ?? `${row.origin} ${row.valid_from}`} row={row} onRemove={() => setLeaving(row)} />
        ))}
      </ol>
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange({ provider, model, tier, from, prices: start?.prices })}
        >
          {t("prices.change")}
        </Button>
      </div>
      {leaving && <Remove price={leaving} group={group} onClose={() => setLeaving(undefined)} />}
    </div>
  );
}

function Row({ row, onRemove }: { row: Price; onRemove: () => void }) {
  const { t } = useTranslation(["operator", "common"]);
  const at = when(row, useNow());
  const since = row.valid_from ? t("prices.since", { date: dateTime(new Date(row.valid_from)) }) : t("prices.always");
  return (
    <li className={classes.row}>
      <div className={classes.rowHead}>
        <Badge look={WHEN[at]}>{t(`prices.when.${at}`)}</Badge>
        <span className={classes.since}>{since}</span>
        <OriginBadge origin={row.origin} />
        {row.id && (
          <Button
            className={classes.remove}
            variant="subtle"
            color="red"
            c="var(--bad)"
            size="compact-sm"
            onClick={onRemove}
            aria-label={t("prices.remove_of", { since })}
          >
            {t("common:action.remove")}
          </Button>
        )}
      </div>
      <dl className={classes.parts}>
        {PARTS.map((part) => {
          const price = row.prices[`${part}_nano_usd`];
          return price === undefined || price === null ? null : (
            <div key={part}>
              <dt>{t(`prices.part.${part}`)}</dt>
              <dd className="figures">{dollars(price)}</dd>
            </div>
          );
        })}
      </dl>
      <p className={`${classes.source} foreign`}>
        {t("prices.source")}: <Source source={row.source} />
      </p>
    </li>
  );
}

function Source({ source }: { source: string }) {
  const link = linkOf(source);
  if (!link) return <>{source}</>;
  return (
    <a href={link} target="_blank" rel="noreferrer noopener">
      {source} <IconExternalLink size={13} aria-hidden />
    </a>
  );
}
