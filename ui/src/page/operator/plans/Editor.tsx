// Editing a plan. The API judges what is typed; its complaints stand at their fields.
import { Button, Drawer, Group, NumberInput, Stack, TagsInput, TextInput } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import type { Plan } from "~/api/types";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import { Effects } from "./Effects";
import { effects } from "./effects";
import { FIELDS, fromForm, type PlanForm, toForm } from "./form";
import classes from "./Plans.module.css";
import { PolicyFields } from "./PolicyFields";
import { problems } from "./policy";
import { useProblemWords } from "./words";

interface Props {
  plan: Plan;
  onClose: () => void;
}

function put(id: string, form: PlanForm): Promise<Plan> {
  const { id: _, ...rest } = fromForm(id, form);
  return body(api.PUT("/api/v1/plans/{id}", { params: { path: { id } }, body: rest }));
}

export function Editor({ plan, onClose }: Props) {
  const { t } = useTranslation(["operator", "common"]);
  const cache = useQueryClient();
  const words = useProblemWords();
  const form = useForm<PlanForm>({
    initialValues: toForm(plan),
    validate: (values) => Object.fromEntries(problems(values).map((problem) => [problem.path, words(problem)])),
  });
  const { submit, busy, error } = useSubmit(form, {
    send: (values) => put(plan.id, values),
    fields: FIELDS,
    onDone: async () => {
      await cache.invalidateQueries({ queryKey: keys.plans });
      onClose();
    },
  });
  const after = fromForm(plan.id, form.values);
  const incomplete = problems(form.values).length > 0;
  const changed = incomplete || effects(plan, after).length > 0;
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={560}
      title={t("plans.edit_title", { name: plan.name })}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
      closeOnClickOutside={!changed}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Fields form={form} />
          <PolicyFields form={form} />
          <Effects before={plan} after={after} incomplete={incomplete} />
          {error && <Failure error={error} />}
          <Group justify="flex-end" gap="xs" className={classes.save}>
            <Button variant="default" onClick={onClose}>
              {t("common:action.cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={!changed}>
              {t("plans.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Drawer>
  );
}

function Fields({ form }: { form: UseFormReturnType<PlanForm> }) {
  const { t } = useTranslation("operator");
  const number = { min: 0, thousandSeparator: " ", allowNegative: false } as const;
  const whole = { ...number, allowDecimal: false };
  return (
    <>
      <div className={classes.fields}>
        <TextInput label={t("plans.field.name")} maxLength={64} {...form.getInputProps("name")} />
        <NumberInput
          {...number}
          label={t("plans.price")}
          decimalScale={2}
          prefix="$"
          {...form.getInputProps("price")}
        />
        <NumberInput
          {...whole}
          label={t("plans.field.tokens_per_month")}
          step={500_000}
          {...form.getInputProps("tokens_per_month")}
        />
        <NumberInput {...whole} label={t("plans.memory")} step={256} {...form.getInputProps("memory_mib")} />
        <NumberInput
          {...number}
          label={t("plans.field.cpu_millis")}
          decimalScale={3}
          step={0.5}
          {...form.getInputProps("cores")}
        />
        <NumberInput {...whole} label={t("plans.field.instances")} {...form.getInputProps("instances")} />
        <NumberInput {...whole} label={t("plans.field.people")} {...form.getInputProps("people")} />
        <TextInput label={t("plans.field.default_model")} {...form.getInputProps("default_model")} />
      </div>
      <TagsInput
        label={t("plans.field.allowed_models")}
        description={t("plans.allowed_words")}
        {...form.getInputProps("allowed_models")}
      />
    </>
  );
}
