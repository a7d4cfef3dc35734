// One limit: how much in which stretch, whose it is, what is spent of it and when it begins anew.
import { ActionIcon } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { LimitView } from "~/api/types";
import { useLimitWords } from "~/feature/limit/words";
import { Tag } from "~/pattern/Choice";
import { Gauge } from "~/pattern/Gauge";
import classes from "./Limits.module.css";
import { useLeftWords } from "./words";

interface Props {
  limit: LimitView;
  onRemove?: (limit: LimitView) => void;
}

export function LimitLine({ limit, onRemove }: Props) {
  const { t } = useTranslation(["instance", "common"]);
  const words = useLimitWords();
  const left = useLeftWords();
  const name = words.limit(limit);
  return (
    <li className={classes.limit}>
      <div className={classes.head}>
        <span className={classes.name}>{name}</span>
        <Tag>{t(limit.scope === "tenant" ? "limits.of.tenant" : `limits.of.${limit.source}`)}</Tag>
        {onRemove && (
          <ActionIcon
            className={classes.remove}
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={`${t("common:action.remove")}: ${name}`}
            onClick={() => onRemove(limit)}
          >
            <IconTrash size={15} stroke={1.8} />
          </ActionIcon>
        )}
      </div>
      {limit.spent === undefined ? (
        <p className={classes.soft}>{t("limits.rate")}</p>
      ) : (
        <>
          <Gauge part={limit.spent} held={limit.held} whole={limit.amount} label={name} />
          <p className={classes.soft}>{left.used(limit)}</p>
          <p className={classes.soft}>{left.renews(limit)}</p>
        </>
      )}
    </li>
  );
}
