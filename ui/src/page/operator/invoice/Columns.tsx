// Which column is what, for files whose headings the server does not know. Shut until it is needed.
import { Button, Select } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconChevronRight } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { headings } from "./headings";
import classes from "./Invoice.module.css";
import type { Asked } from "./invoice";

const COLUMNS = ["day", "model", "cost"] as const;

export function Columns({ form }: { form: UseFormReturnType<Asked> }) {
  const { t } = useTranslation("operator");
  const [open, setOpen] = useState(false);
  const { csv } = form.values;
  const names = useMemo(() => headings(csv), [csv]);
  const complained = COLUMNS.some((name) => form.errors[name]);
  useEffect(() => {
    if (complained) setOpen(true);
  }, [complained]);
  // Another file has other columns.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the names of the columns matter
  useEffect(() => {
    for (const name of COLUMNS) {
      const chosen = form.values[name];
      if (chosen && !names.includes(chosen)) form.setFieldValue(name, "");
    }
  }, [names]);
  if (names.length === 0) return null;
  return (
    <div className={classes.columns}>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        aria-expanded={open}
        leftSection={
          <IconChevronRight size={15} className={classes.chevron} data-open={open || undefined} aria-hidden />
        }
        onClick={() => setOpen(!open)}
      >
        {t("invoice.columns")}
      </Button>
      {open && (
        <>
          <p className={classes.soft}>{t("invoice.columns_words")}</p>
          <div className={classes.three}>
            {COLUMNS.map((name) => (
              <Select
                key={name}
                label={t(`invoice.column.${name}`)}
                placeholder={t("invoice.by_itself")}
                data={names}
                clearable
                clearButtonProps={{ "aria-label": t("list.any", { label: t(`invoice.column.${name}`) }) }}
                comboboxProps={{ shadow: "md" }}
                {...form.getInputProps(name)}
                value={form.values[name] || null}
                onChange={(heading) => form.setFieldValue(name, heading ?? "")}
              />
            ))}
          </div>
        </>
      )}
    </div>
  );
}
