// Which vendor, which file, and, where its headings say too little, which column is what.
import { Button, Group, Select, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconShieldLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { providersQuery } from "~/feature/model/catalogue";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import { Panel } from "~/pattern/Panel";
import { Columns } from "./Columns";
import { File } from "./File";
import classes from "./Invoice.module.css";
import { type Asked, MOST_BYTES, type Reconciliation } from "./invoice";

interface Props {
  compare: (asked: Asked) => Promise<Reconciliation>;
  /** What is asked now is not what was answered. */
  onChange: () => void;
}

const FIELDS = { "columns.day": "day", "columns.model": "model", "columns.cost": "cost" };

export function Ask({ compare, onChange }: Props) {
  const { t } = useTranslation("operator");
  const { data = [] } = useQuery(providersQuery);
  const form = useForm<Asked>({
    initialValues: { provider: "", csv: "", day: "", model: "", cost: "" },
    onValuesChange: onChange,
    validate: {
      provider: (id) => (id ? null : t("invoice.choose_vendor")),
      csv: (text) => {
        if (!text.trim()) return t("invoice.no_file");
        return new Blob([text]).size > MOST_BYTES ? t("invoice.too_long") : null;
      },
    },
  });
  const { submit, busy, error } = useSubmit(form, { send: compare, fields: FIELDS });
  const vendors = data.filter(({ id }) => id !== "canned").map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Panel>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Select
            className={classes.vendor}
            label={t("invoice.vendor")}
            placeholder={t("limits.key.placeholder")}
            data={vendors}
            searchable
            comboboxProps={{ shadow: "md" }}
            {...form.getInputProps("provider")}
            value={form.values.provider || null}
          />
          <File {...form.getInputProps("csv")} value={form.values.csv} />
          <Columns form={form} />
          {error && <Failure error={error} />}
          <Group justify="space-between" gap="sm">
            <p className={classes.kept}>
              <IconShieldLock size={16} aria-hidden /> {t("invoice.not_kept")}
            </p>
            <Button type="submit" loading={busy}>
              {t("invoice.compare")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
