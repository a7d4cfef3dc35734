// How many there are, how many are chosen, and what can be done with those.
import { Button, Checkbox } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import type { Icon } from "~/pattern/state";
import { Freshness } from "../list/Freshness";
import type { Paged } from "../list/paging";
import classes from "./Fleet.module.css";
import { type Action, EVERY_MS, type Filter, type FleetRow, matchingIds } from "./fleet";
import type { Selection } from "./selection";

const ACTIONS: [Action, Icon][] = [
  ["start", IconPlayerPlay],
  ["stop", IconPlayerStop],
  ["restart", IconRefresh],
];

interface Props {
  list: Paged<FleetRow>;
  filter: Filter;
  selection: Selection;
  onAction: (action: Action) => void;
}

export function Bar({ list, filter, selection, onAction }: Props) {
  const { t } = useTranslation(["operator", "common"]);
  const chosen = selection.ids.size;
  return (
    <div className={classes.bar} data-chosen={chosen > 0 || undefined}>
      <All list={list} filter={filter} selection={selection} />
      {chosen > 0 ? (
        <div className={classes.actions}>
          {ACTIONS.map(([action, Shape]) => (
            <Button
              key={action}
              variant="default"
              size="xs"
              leftSection={<Shape size={15} aria-hidden />}
              onClick={() => onAction(action)}
            >
              {t(`fleet.do.${action}`)}
            </Button>
          ))}
          <Button variant="subtle" size="xs" onClick={selection.clear}>
            {t("fleet.clear_selection")}
          </Button>
        </div>
      ) : (
        <Freshness at={list.at} every={EVERY_MS} />
      )}
    </div>
  );
}

function All({ list, filter, selection }: Omit<Props, "onAction">) {
  const { t } = useTranslation("operator");
  const everyone = useMutation({ mutationFn: () => matchingIds(filter), onSuccess: selection.set });
  const total = list.total ?? list.rows?.length ?? 0;
  const chosen = selection.ids.size;
  const all = chosen > 0 && chosen >= total;
  // Nothing to choose from yet, or nothing at all.
  if (total === 0) return <span />;
  const change = () => {
    if (chosen > 0) selection.clear();
    else if (list.rows && !list.more.has) selection.set(list.rows.map(({ id }) => id));
    else everyone.mutate();
  };
  return (
    <div className={classes.all} role="status">
      <Checkbox
        size="sm"
        label={
          chosen > 0
            ? t("fleet.chosen", { count: chosen, amount: whole(chosen), total: whole(total) })
            : t("fleet.select_all", { count: total, amount: whole(total) })
        }
        checked={all}
        indeterminate={chosen > 0 && !all}
        disabled={everyone.isPending}
        onChange={change}
      />
      {chosen > 0 && !all && (
        <Button variant="subtle" size="compact-xs" loading={everyone.isPending} onClick={() => everyone.mutate()}>
          {t("fleet.select_rest", { amount: whole(total) })}
        </Button>
      )}
      {everyone.isError && <span className={classes.trouble}>{t("fleet.select_failed")}</span>}
    </div>
  );
}
