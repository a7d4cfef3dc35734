// The open bell: newest first, each in words with the way to its agent.
import { Button, Skeleton } from "@mantine/core";
import { IconAlertTriangle, IconBellOff, IconCircleCheck, IconInfoCircle, IconX } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Notification } from "~/api/types";
import { Empty } from "~/pattern/Empty";
import { Failure } from "~/pattern/Failure";
import type { Icon } from "~/pattern/state";
import { Time } from "~/pattern/Time";
import classes from "./Bell.module.css";
import type { useNotifications } from "./notifications";
import { placeOf, TONES, useDetail, useSentence } from "./words";

const ICONS: Record<Notification["severity"], Icon> = {
  info: IconInfoCircle,
  success: IconCircleCheck,
  warning: IconAlertTriangle,
  error: IconX,
};

interface Props {
  query: ReturnType<typeof useNotifications>;
  /** Ids that were unread when the bell was opened. */
  fresh: Set<string>;
  onLeave: () => void;
}

export function Entries({ query, fresh, onLeave }: Props) {
  const { t } = useTranslation("shell");
  return (
    <>
      <header className={classes.head}>
        <h2 className={classes.title}>{t("bell.title")}</h2>
        <Button component={Link} to="/activity" variant="subtle" size="compact-xs" onClick={onLeave}>
          {t("bell.all")}
        </Button>
      </header>
      <Body query={query} fresh={fresh} onLeave={onLeave} />
    </>
  );
}

function Body({ query, fresh, onLeave }: Props) {
  const { t } = useTranslation("shell");
  if (!query.data)
    return (
      <div className={classes.pad}>
        {query.error ? <Failure error={query.error} retry={() => void query.refetch()} /> : <Outline />}
      </div>
    );
  if (query.data.items.length === 0)
    return (
      <Empty icon={IconBellOff} title={t("bell.empty")}>
        {t("bell.empty_words")}
      </Empty>
    );
  return (
    <ul className={classes.list}>
      {query.data.items.map((item) => (
        <Entry key={item.id} item={item} fresh={item.unread || fresh.has(item.id)} onLeave={onLeave} />
      ))}
    </ul>
  );
}

function Entry({ item, fresh, onLeave }: { item: Notification; fresh: boolean; onLeave: () => void }) {
  const { t } = useTranslation("shell");
  const sentence = useSentence()(item);
  const detail = useDetail()(item);
  const place = placeOf(item);
  const Shape = ICONS[item.severity];
  return (
    <li className={classes.entry} data-fresh={fresh || undefined}>
      <span className={classes.icon} data-tone={TONES[item.severity]}>
        <Shape size={18} stroke={1.9} aria-hidden />
      </span>
      <div className={`${classes.words} foreign`}>
        {place ? (
          <Link {...place} className={classes.sentence} onClick={onLeave}>
            {sentence}
          </Link>
        ) : (
          <span className={classes.sentence}>{sentence}</span>
        )}
        {detail && <p className={classes.message}>{detail}</p>}
        <span className={classes.when}>
          <Time at={item.at} />
        </span>
      </div>
      {fresh && <span className={classes.dot} role="img" aria-label={t("bell.new")} />}
    </li>
  );
}

function Outline() {
  return (
    <div className={classes.outline} aria-busy="true">
      {["a", "b", "c"].map((line) => (
        <div key={line} className={classes.outlineRow}>
          <Skeleton circle height={18} />
          <Skeleton height={14} width="78%" radius={6} />
        </div>
      ))}
    </div>
  );
}
