// Who has which limits, and how much of each is gone: spent in full colour, held ready for calls in flight in a light one.
import { ActionIcon } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { useLimitWords } from "~/feature/limit/words";
import { compact, money, whole } from "~/format/number";
import { Gauge } from "~/pattern/Gauge";
import { Hint } from "~/pattern/Hint";
import { Time } from "~/pattern/Time";
import classes from "./Limits.module.css";
import { type Group, kindOf, type OperatorLimit } from "./limits";
import { useRemove } from "./remove";

interface Props {
  group: Group;
  onEdit: (limit: OperatorLimit) => void;
}

export function Held({ group, onEdit }: Props) {
  return (
    <li className={classes.group}>
      <p className={`${classes.who} truncate foreign`}>
        {kindOf(group.scope) === "tenant" ? (
          <Link to="/operator/instances" search={{ tenant: group.scope }}>
            {group.name}
          </Link>
        ) : (
          group.name
        )}
      </p>
      <ul className={classes.lines}>
        {group.limits.map((limit) => (
          <Line key={limit.unit + limit.window} limit={limit} who={group.name} onEdit={onEdit} />
        ))}
      </ul>
    </li>
  );
}

function Line({ limit, who, onEdit }: { limit: OperatorLimit; who: string; onEdit: (limit: OperatorLimit) => void }) {
  const { t } = useTranslation("operator");
  const words = useLimitWords();
  const remove = useRemove(who);
  const what = words.limit(limit);
  const amount = (value: number) => shortly(limit.unit, value);
  return (
    <li className={classes.line}>
      <div className={classes.head}>
        <span className={`${classes.what} figures`}>{what}</span>
        <span className={classes.acts}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            onClick={() => onEdit(limit)}
            aria-label={t("limits.edit_of", { limit: what, name: who })}
          >
            <IconPencil size={15} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            loading={remove.isPending}
            onClick={() => remove.mutate(limit)}
            aria-label={t("limits.remove_of", { limit: what, name: who })}
          >
            <IconTrash size={15} />
          </ActionIcon>
        </span>
      </div>
      {limit.spent === undefined ? (
        <p className={classes.quiet}>{t("limits.rate")}</p>
      ) : (
        <>
          <Gauge part={limit.spent} held={limit.held} whole={limit.amount} label={`${who}: ${what}`} />
          <p className={`${classes.quiet} figures`}>
            <span>{t("limits.spent", { amount: amount(limit.spent) })}</span>
            {limit.held > 0 && (
              <Hint label={() => t("limits.held_words")}>
                <span>{t("limits.held", { amount: amount(limit.held) })}</span>
              </Hint>
            )}
            <span>
              {t("limits.renews")} <Time at={limit.renews_at} />
            </span>
          </p>
        </>
      )}
    </li>
  );
}

/** What is spent changes by the second: to the cent is exact enough. */
function shortly(unit: OperatorLimit["unit"], value: number): string {
  if (unit === "nano_usd") return money(value);
  const amount = unit === "tokens" ? compact(value) : whole(value);
  return i18next.t(`common:limit.amount.${unit}`, { count: value, amount });
}
