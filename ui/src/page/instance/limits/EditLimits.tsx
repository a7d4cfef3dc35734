// One's own limits of an agent: so much of something in a stretch of time. Everything typed stays until it is saved or given up.
import { ActionIcon, Button, Group, Modal, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Instance, LimitView } from "~/api/types";
import { LimitFields } from "~/feature/limit/LimitFields";
import { useLimitWords } from "~/feature/limit/words";
import { Failure } from "~/pattern/Failure";
import { usePutLimits } from "./change";
import classes from "./Limits.module.css";
import { given } from "./left";
import { MOST, useRows, useWrongWords } from "./rows";

interface Props {
  agent: Instance;
  limits: LimitView[];
  onClose: () => void;
}

export default function EditLimits({ agent, limits, onClose }: Props) {
  const { t } = useTranslation(["instance", "common"]);
  const { rows, set, add, remove, read, tried } = useRows(limits);
  const wrong = useWrongWords(limits);
  const put = usePutLimits(agent.slug);
  const save = (event: FormEvent) => {
    event.preventDefault();
    const wanted = read();
    if (!wanted || put.isPending) return;
    put.mutate(wanted, {
      onSuccess: () => {
        notifications.show({ color: "green", message: t("limits.saved") });
        onClose();
      },
    });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("limits.edit_title", { name: agent.name })}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <form onSubmit={save} noValidate>
        <Stack gap="md">
          <Given limits={limits} />
          {rows.length === 0 && <p className={classes.soft}>{t("limits.none_own")}</p>}
          {rows.map((row, at) => (
            <LimitFields
              key={row.id}
              value={row.typed}
              onChange={(typed) => set(row.id, typed)}
              error={tried ? wrong(rows, at) : undefined}
              prefix={t("limits.nth", { number: at + 1 })}
              autoFocus={at === rows.length - 1}
              end={
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  size="lg"
                  aria-label={`${t("limits.nth", { number: at + 1 })}: ${t("common:action.remove")}`}
                  onClick={() => remove(row.id)}
                >
                  <IconTrash size={17} stroke={1.8} />
                </ActionIcon>
              }
            />
          ))}
          {rows.length < MOST && (
            <Button
              className={classes.add}
              variant="subtle"
              size="xs"
              leftSection={<IconPlus size={15} aria-hidden />}
              onClick={add}
            >
              {t("limits.add")}
            </Button>
          )}
          {put.error && <Failure error={put.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("common:action.cancel")}
            </Button>
            <Button type="submit" loading={put.isPending}>
              {t("common:action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** What nobody here can widen. */
function Given({ limits }: { limits: LimitView[] }) {
  const { t } = useTranslation("instance");
  const words = useLimitWords();
  const held = given(limits);
  return (
    <div className={classes.given}>
      <p>{t("limits.explain")}</p>
      {held.length > 0 && (
        <ul aria-label={t("limits.allowed")}>
          {held.map((limit) => (
            <li key={[limit.scope, limit.source, limit.unit, limit.window].join(" ")}>
              {t(limit.scope === "tenant" ? "limits.allows.tenant" : `limits.allows.${limit.source}`, {
                limit: words.limit(limit),
              })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
