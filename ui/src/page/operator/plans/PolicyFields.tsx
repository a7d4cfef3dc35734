// The rules of model calls, each with what it does in a sentence.
import { Button, NumberInput, SegmentedControl, Switch, TagsInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { freeKind, type Typed } from "~/feature/limit/read";
import type { PlanForm } from "./form";
import { LimitLine } from "./LimitLine";
import classes from "./Plans.module.css";
import { IDLE } from "./policy";

type Form = UseFormReturnType<PlanForm>;

const MOST_LIMITS = 12;
const MOST_MODELS = 4;

export function PolicyFields({ form }: { form: Form }) {
  const { t } = useTranslation("operator");
  return (
    <section className={classes.policy} aria-label={t("plans.policy.title")}>
      <header>
        <h3 className={classes.policyTitle}>{t("plans.policy.title")}</h3>
        <p className={classes.soft}>{t("plans.policy.lead")}</p>
      </header>
      <LimitList form={form} list="limits" />
      <LimitList form={form} list="tenant_limits" />
      <Rule name="concurrency">
        <NumberInput
          aria-label={t("plans.field.llm.concurrency")}
          className={classes.short}
          placeholder={t("plans.policy.own_setting")}
          min={1}
          max={64}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps("concurrency")}
        />
      </Rule>
      <Rule name="fallback_models">
        <TagsInput
          aria-label={t("plans.field.llm.fallback_models")}
          placeholder={form.values.fallback_models.length === 0 ? t("plans.policy.model_like") : undefined}
          maxTags={MOST_MODELS}
          {...form.getInputProps("fallback_models")}
        />
      </Rule>
      <Idle form={form} />
      <Loop form={form} />
    </section>
  );
}

type Explained = "limits" | "tenant_limits" | "concurrency" | "fallback_models" | "idle_heartbeat" | "loop_after";

/** A rule under its name, with what it does. */
function Rule({ name, children }: { name: Explained; children: ReactNode }) {
  const { t } = useTranslation("operator");
  return (
    <fieldset className={classes.rule}>
      <legend className={classes.ruleName}>{t(`plans.field.llm.${name}`)}</legend>
      <p className={classes.soft}>{t(`plans.policy.why.${name}`)}</p>
      {children}
    </fieldset>
  );
}

function LimitList({ form, list }: { form: Form; list: "limits" | "tenant_limits" }) {
  const { t } = useTranslation("operator");
  const lines = form.values[list];
  const error = form.errors[list];
  const add = () => form.insertListItem(list, { ...freeKind(lines), amount: "" } satisfies Typed);
  return (
    <Rule name={list}>
      {lines.map((_, at) => (
        // Lines have no names of their own, and only their end grows.
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <LimitLine key={at} form={form} list={list} at={at} />
      ))}
      {error && (
        <p className={classes.wrong} role="alert">
          {error}
        </p>
      )}
      {lines.length < MOST_LIMITS && (
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={add}
            aria-label={`${t(`plans.field.llm.${list}`)}: ${t("limits.add")}`}
          >
            {t("limits.add")}
          </Button>
        </div>
      )}
    </Rule>
  );
}

function Idle({ form }: { form: Form }) {
  const { t } = useTranslation("operator");
  const { idle } = form.values;
  return (
    <Rule name="idle_heartbeat">
      <SegmentedControl
        fullWidth
        aria-label={t("plans.field.llm.idle_heartbeat")}
        data={IDLE.map((value) => ({ value, label: t(`plans.policy.idle.${value}`) }))}
        {...form.getInputProps("idle")}
      />
      {idle !== "on" && (
        <div className={classes.fields}>
          <NumberInput
            label={t("plans.policy.idle_hours")}
            min={1}
            max={8760}
            clampBehavior="none"
            allowDecimal={false}
            allowNegative={false}
            {...form.getInputProps("idle_hours")}
          />
          {idle === "model" && (
            <TextInput
              label={t("plans.policy.idle_model")}
              placeholder={t("plans.policy.model_like")}
              {...form.getInputProps("idle_model")}
            />
          )}
        </div>
      )}
    </Rule>
  );
}

function Loop({ form }: { form: Form }) {
  const { t } = useTranslation("operator");
  return (
    <Rule name="loop_after">
      <Switch label={t("plans.policy.loop")} {...form.getInputProps("loop", { type: "checkbox" })} />
      {form.values.loop && (
        <NumberInput
          label={t("plans.policy.loop_after")}
          className={classes.short}
          min={3}
          max={100}
          clampBehavior="none"
          allowDecimal={false}
          allowNegative={false}
          {...form.getInputProps("loop_after")}
        />
      )}
    </Rule>
  );
}
