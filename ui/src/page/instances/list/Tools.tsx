// Search, state and order of the list. The chosen state and order are in the address, so that they can be shared and gone back to.
import { CloseButton, Select, TextInput } from "@mantine/core";
import { IconArrowsSort, IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import { GROUPS, type Group, ORDERS, type Order } from "./filter";
import classes from "./List.module.css";

interface Props {
  text: string;
  onText: (text: string) => void;
  group: Group;
  onGroup: (group: Group) => void;
  sums: Record<Group, number>;
  order: Order;
  onOrder: (order: Order) => void;
}

export function Tools({ text, onText, group, onGroup, sums, order, onOrder }: Props) {
  const { t } = useTranslation(["instance", "common"]);
  return (
    <search className={classes.tools}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label={t("list.search")}
        placeholder={t("list.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          text && <CloseButton size="sm" aria-label={t("common:action.clear")} onClick={() => onText("")} />
        }
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
      <fieldset className={classes.chips} aria-label={t("list.filter")}>
        {GROUPS.map((name) => (
          <button
            key={name}
            type="button"
            className={classes.chip}
            aria-pressed={group === name}
            onClick={() => onGroup(name)}
          >
            {t(`list.group.${name}`)}
            <span className={`${classes.count} figures`}>{whole(sums[name])}</span>
          </button>
        ))}
      </fieldset>
      <Select
        className={classes.order}
        aria-label={t("list.order")}
        leftSection={<IconArrowsSort size={16} aria-hidden />}
        data={ORDERS.map((value) => ({ value, label: t(`list.by.${value}`) }))}
        value={order}
        onChange={(value) => onOrder((value ?? "name") as Order)}
        // Closed, it would be there all the same, and be measured and placed.
        comboboxProps={{ keepMounted: false }}
      />
    </search>
  );
}
