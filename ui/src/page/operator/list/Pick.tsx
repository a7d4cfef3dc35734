// One filter of a list: everything, or one of the values.
import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./List.module.css";

interface Props<V extends string> {
  label: string;
  value: V | undefined;
  options: { value: V; label: string }[];
  onChange: (value: V | undefined) => void;
  searchable?: boolean;
}

export function Pick<V extends string>({ label, value, options, onChange, searchable }: Props<V>) {
  const { t } = useTranslation("operator");
  // A value that is not offered any more must not look like no filter.
  const known = value === undefined || options.some((option) => option.value === value);
  return (
    <Select
      className={classes.pick}
      aria-label={label}
      placeholder={label}
      clearable
      allowDeselect
      searchable={searchable}
      nothingFoundMessage={t("list.no_value")}
      clearButtonProps={{ "aria-label": t("list.any", { label }) }}
      comboboxProps={{ shadow: "md" }}
      data={known || value === undefined ? options : [...options, { value, label: value }]}
      value={value ?? null}
      onChange={(chosen) => onChange((chosen ?? undefined) as V | undefined)}
    />
  );
}
