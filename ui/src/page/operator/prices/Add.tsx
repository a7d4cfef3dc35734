// Adding a price. What is there is never overwritten: a newer row takes over from its moment on.
import {
  Autocomplete,
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { providersQuery } from "~/feature/model/catalogue";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import { FIELDS, fromForm, type PriceForm, problemOf, RARE, type Start, toForm } from "./form";
import { Parts } from "./Parts";
import classes from "./Prices.module.css";
import { PARTS, pricesQuery, TIERS } from "./prices";

export type { Start };

type Form = UseFormReturnType<PriceForm>;

export function Add({ start, onClose }: { start: Start; onClose: () => void }) {
  const { t } = useTranslation(["operator", "common"]);
  const title = start.prices ? t("prices.change_of", { model: start.model }) : t("prices.add");
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={<span className="foreign">{title}</span>}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <Ask start={start} onClose={onClose} />
    </Modal>
  );
}

function Ask({ start, onClose }: { start: Start; onClose: () => void }) {
  const { t } = useTranslation(["operator", "common"]);
  const cache = useQueryClient();
  const form = useForm<PriceForm>({ initialValues: toForm(start), validate: useRules() });
  const { submit, busy, error } = useSubmit(form, {
    send: (values) => body(api.POST("/api/v1/operator/prices", { body: fromForm(values) })),
    fields: FIELDS,
    onDone: ({ model }) => {
      void cache.invalidateQueries({ queryKey: pricesQuery.queryKey });
      notifications.show({ message: t("prices.added", { model }) });
      onClose();
    },
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <What form={form} start={start} />
        <Parts form={form} open={RARE.some((part) => form.values[part] !== "")} />
        <From form={form} />
        <TextInput
          label={t("prices.source")}
          description={t("prices.source_why")}
          placeholder="https://"
          maxLength={300}
          {...form.getInputProps("source")}
        />
        {error && <Failure error={error} />}
        <Group justify="flex-end" gap="xs" className={classes.save}>
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("prices.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useRules() {
  const { t } = useTranslation(["operator", "common"]);
  const needed = (words: string) => (value: string) => (value.trim() ? null : words);
  const rules = PARTS.map((part) => [
    part,
    (value: string) => {
      const wrong = problemOf(part, value);
      if (!wrong) return null;
      return wrong === "dear" ? t("prices.dear") : t(`common:limit.wrong.${wrong}`);
    },
  ]);
  return {
    provider: needed(t("prices.choose_vendor")),
    model: needed(t("prices.choose_model")),
    source: needed(t("prices.choose_source")),
    day: (day: string, { when }: PriceForm) => (when === "day" && !day ? t("prices.choose_day") : null),
    ...(Object.fromEntries(rules) as Record<(typeof PARTS)[number], (value: string) => string | null>),
  };
}

function What({ form, start }: { form: Form; start: Start }) {
  const { t } = useTranslation("operator");
  const { data = [] } = useQuery(providersQuery);
  const settled = start.prices !== undefined;
  const vendors = data.filter(({ id }) => id !== "canned").map(({ id, name }) => ({ value: id, label: name }));
  const { provider } = form.values;
  const models = data.find(({ id }) => id === provider)?.models.map(({ model }) => model.slice(provider.length + 1));
  return (
    <div className={classes.fields}>
      <Select
        label={t("prices.vendor")}
        searchable
        openOnFocus={false}
        disabled={settled}
        data={vendors}
        comboboxProps={{ shadow: "md" }}
        {...form.getInputProps("provider")}
        value={provider || null}
        data-autofocus={settled || provider ? undefined : true}
      />
      <Autocomplete
        label={t("prices.model")}
        placeholder={t("prices.model_like")}
        disabled={settled}
        data={models ?? []}
        maxLength={128}
        comboboxProps={{ shadow: "md" }}
        {...form.getInputProps("model")}
      />
      <Select
        label={t("prices.tier.label")}
        disabled={settled}
        data={TIERS.map((tier) => ({ value: tier, label: t(`prices.tier.${tier}`) }))}
        comboboxProps={{ shadow: "md" }}
        {...form.getInputProps("tier")}
      />
      <NumberInput
        label={t("prices.length")}
        placeholder={t("prices.length_none")}
        disabled={settled}
        min={0}
        allowDecimal={false}
        allowNegative={false}
        thousandSeparator=" "
        hideControls
        {...form.getInputProps("from")}
      />
    </div>
  );
}

/** From now on, or from a day that may lie ahead or behind. */
function From({ form }: { form: Form }) {
  const { t } = useTranslation("operator");
  const today = new Date().toISOString().slice(0, 10);
  const { when, day } = form.values;
  return (
    <div className={classes.from}>
      <SegmentedControl
        aria-label={t("prices.from_when")}
        data={[
          { value: "now", label: t("prices.from_now") },
          { value: "day", label: t("prices.from_day") },
        ]}
        value={when}
        onChange={(value) => form.setValues({ when: value === "day" ? "day" : "now", day: day || today })}
      />
      {when === "day" && <TextInput type="date" aria-label={t("prices.from_day")} {...form.getInputProps("day")} />}
      <p className={classes.soft}>{t(when === "day" ? "prices.from_day_words" : "prices.from_now_words")}</p>
    </div>
  );
}
