// How much of what in which stretch, side by side; below it what was understood, so that nobody saves another amount than they meant.
import { Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Limit.module.css";
import { readLimit, type Typed, UNITS, WINDOWS } from "./read";
import { useLimitWords } from "./words";

interface Props {
  value: Typed;
  onChange: (value: Typed) => void;
  error?: ReactNode;
  /** At the end of the line: a button that takes it away. */
  end?: ReactNode;
  /** Read before each label where several stand below each other. */
  prefix?: string;
  /** What is limited stays; only how much can be changed. */
  fixed?: boolean;
  autoFocus?: boolean;
}

export function LimitFields({ value, onChange, error, end, prefix, fixed, autoFocus }: Props) {
  const { t } = useTranslation("common");
  const words = useLimitWords();
  const understood = readLimit(value);
  const label = (name: "field" | "of" | "in") => ({
    label: t(`limit.${name}`),
    ...(prefix && { "aria-label": `${prefix}: ${t(`limit.${name}`)}` }),
  });
  return (
    <div className={classes.limit}>
      <div className={classes.fields}>
        <TextInput
          {...label("field")}
          className={classes.amount}
          inputMode="decimal"
          autoComplete="off"
          maxLength={40}
          leftSection={value.unit === "nano_usd" ? "$" : undefined}
          leftSectionWidth={28}
          value={value.amount}
          onChange={(event) => onChange({ ...value, amount: event.currentTarget.value })}
          error={Boolean(error)}
          data-autofocus={autoFocus || undefined}
        />
        <Select
          {...label("of")}
          className={classes.pick}
          disabled={fixed}
          data={UNITS.map((unit) => ({ value: unit, label: t(`limit.unit.${unit}`) }))}
          value={value.unit}
          onChange={(unit) => unit && onChange({ ...value, unit })}
          comboboxProps={{ shadow: "md" }}
        />
        <Select
          {...label("in")}
          className={classes.pick}
          disabled={fixed}
          data={WINDOWS.map((window) => ({ value: window, label: t(`limit.window.${window}`) }))}
          value={value.window}
          onChange={(window) => window && onChange({ ...value, window })}
          comboboxProps={{ shadow: "md" }}
        />
        {end}
      </div>
      <p className={classes.said} data-bad={Boolean(error) || undefined} role={error ? "alert" : undefined}>
        {error ?? (understood ? t("limit.means", { limit: words.limit(understood) }) : t("limit.utc"))}
      </p>
    </div>
  );
}
