// The history by day: one sentence per entry, what changed below it, the time beside it.
import { Button, Tooltip } from "@mantine/core";
import {
  IconBrandTelegram,
  IconCirclePlus,
  IconGauge,
  IconKey,
  IconPlayerPlay,
  IconPower,
  IconRefresh,
  IconSettings,
  IconTrash,
  IconUser,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "~/api/types";
import { clock, exact } from "~/format/time";
import { useModelName } from "~/page/instance/model/names";
import { Panel } from "~/pattern/Panel";
import type { Icon } from "~/pattern/state";
import { plansQuery } from "../settings/plans";
import classes from "./Activity.module.css";
import { byDay, type Day } from "./days";
import { useSentence } from "./sentence";

interface Props {
  entries: AuditEntry[];
  about?: "this";
  more: { has: boolean; busy: boolean; load: () => void };
}

export function Entries({ entries, about, more }: Props) {
  const { t } = useTranslation("instance");
  return (
    <>
      {byDay(entries).map((day) => (
        <OneDay key={day.key} day={day} about={about} />
      ))}
      {more.has && (
        <Button variant="default" className={classes.more} loading={more.busy} onClick={more.load}>
          {t("activity.more")}
        </Button>
      )}
    </>
  );
}

function OneDay({ day, about }: { day: Day; about?: "this" }) {
  const { i18n } = useTranslation("instance");
  const title = new Intl.DateTimeFormat(i18n.language, { weekday: "long", day: "numeric", month: "long" }).format(
    day.at,
  );
  return (
    <Panel title={title} flush>
      <ul className={classes.list}>
        {day.entries.map((entry) => (
          <Entry key={entry.id} entry={entry} about={about} />
        ))}
      </ul>
    </Panel>
  );
}

function Entry({ entry, about }: { entry: AuditEntry; about?: "this" }) {
  const sentence = useSentence();
  const Shape = shapeOf(entry.action);
  const at = new Date(entry.at);
  return (
    <li className={classes.entry}>
      <span className={classes.icon}>
        <Shape size={16} stroke={1.8} aria-hidden />
      </span>
      <div className={`${classes.words} foreign`}>
        <p className={classes.sentence}>{sentence(entry, { about })}</p>
        <Changed entry={entry} />
      </div>
      <Tooltip label={exact(at)}>
        <time dateTime={entry.at} className={`${classes.time} figures`}>
          {clock(at)}
        </time>
      </Tooltip>
    </li>
  );
}

/** What the settings were changed to. */
function Changed({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation("instance");
  const name = useModelName();
  const { data: plans } = useQuery(plansQuery);
  if (entry.action !== "instance.change") return null;
  const { model, plan } = entry.detail as Record<string, unknown>;
  const planName = plans?.find(({ id }) => id === plan)?.name ?? plan;
  const parts = [
    typeof model === "string" ? t("activity.model", { model: name(model) }) : undefined,
    typeof planName === "string" ? t("activity.plan", { plan: planName }) : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? <p className={classes.detail}>{parts.join(" · ")}</p> : null;
}

const SHAPES: [RegExp, Icon][] = [
  [/^(session|account|user)\./, IconUser],
  [/telegram/, IconBrandTelegram],
  [/^(secret|token)\./, IconKey],
  [/\.create$/, IconCirclePlus],
  [/\.(start|resume)$/, IconPlayerPlay],
  [/^limits\./, IconGauge],
  [/\.stop$/, IconPower],
  [/\.restart$/, IconRefresh],
  [/\.(delete|gone)$/, IconTrash],
  [/^instance\./, IconSettings],
];

const shapeOf = (action: string): Icon => SHAPES.find(([pattern]) => pattern.test(action))?.[1] ?? IconUser;
