// Name, language and character. What was typed stays until it is saved or thrown away, whatever the server says meanwhile.
import { Button, Group, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import type { Instance } from "~/api/types";
import { LanguageChoice } from "~/page/wizard/name/LanguageChoice";
import { Copy } from "~/pattern/Copy";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import { Panel } from "~/pattern/Panel";
import { useFollow } from "../frame/wish";
import { Counter } from "./Counter";
import { bytesOf, PERSONA_BYTES } from "./limit";
import classes from "./Settings.module.css";

const NAME_LENGTH = 60;

interface Typed extends Record<string, unknown> {
  name: string;
  language: string;
  persona: string;
}

export function Identity({ agent, readOnly }: { agent: Instance; readOnly: boolean }) {
  const { t } = useTranslation(["instance", "common"]);
  const follow = useFollow(agent.slug);
  const form = useForm<Typed>({
    initialValues: { name: agent.name, language: agent.language ?? "", persona: agent.persona ?? "" },
    validate: {
      name: (name) => (name.trim() ? null : t("settings.name_missing")),
      persona: (persona) => (bytesOf(persona) > PERSONA_BYTES ? t("settings.character_long") : null),
    },
  });
  const { submit, busy, error } = useSubmit(form, {
    send: ({ name, language, persona }) =>
      body(
        api.PATCH("/api/v1/instances/{slug}", {
          params: { path: { slug: agent.slug } },
          body: { name: name.trim(), language: language || null, persona: persona.trim() || null },
        }),
      ),
    onDone: ({ instance, operation }, values) => {
      form.setInitialValues(values);
      form.resetDirty(values);
      follow(operation, instance);
    },
  });
  const dirty = form.isDirty();
  return (
    <Panel title={t("settings.identity")} lead={t("settings.identity_words")}>
      <form onSubmit={submit} noValidate>
        <Stack gap={18} className={classes.form}>
          <TextInput
            label={t("settings.name")}
            maxLength={NAME_LENGTH}
            readOnly={readOnly}
            autoComplete="off"
            {...form.getInputProps("name")}
          />
          <div>
            <p className={classes.label}>{t("settings.address")}</p>
            <Copy text={agent.slug} label={t("settings.address")} />
            <p className={classes.soft}>{t("settings.address_words")}</p>
          </div>
          <LanguageChoice
            value={form.values.language}
            onChange={(tag) => form.setFieldValue("language", tag)}
            error={form.errors.language ? String(form.errors.language) : undefined}
          />
          <div>
            <Textarea
              label={t("settings.character")}
              description={t("settings.character_words")}
              autosize
              minRows={5}
              maxRows={18}
              readOnly={readOnly}
              {...form.getInputProps("persona")}
            />
            <Counter text={form.values.persona} />
          </div>
          {error && <Failure error={error} />}
          {!readOnly && (
            <Group gap="xs">
              <Button type="submit" loading={busy} disabled={!dirty}>
                {t("common:action.save")}
              </Button>
              {dirty && (
                <Button variant="default" onClick={form.reset}>
                  {t("settings.discard")}
                </Button>
              )}
            </Group>
          )}
        </Stack>
      </form>
    </Panel>
  );
}
