// Making a token: first what it is for and until when, then the token itself, this one time.
import { Button, Group, Input, Modal, SegmentedControl, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { date } from "~/format/time";
import { Copy } from "~/pattern/Copy";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import { Notice } from "~/pattern/Notice";

const DAYS = ["30", "90", "365"] as const;
const DAY_MS = 86_400_000;

export function CreateToken({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation(["account", "common"]);
  const [token, setToken] = useState<string>();
  const close = () => {
    setToken(undefined);
    onClose();
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={token ? t("account:token.new.title") : t("account:token.create")}
      // A slip beside the box would lose what can never be shown again.
      closeOnClickOutside={!token}
      closeOnEscape={!token}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      {token ? <Made token={token} onClose={close} /> : <Ask onMade={setToken} onClose={close} />}
    </Modal>
  );
}

function Ask({ onMade, onClose }: { onMade: (token: string) => void; onClose: () => void }) {
  const { t } = useTranslation(["account", "common"]);
  const cache = useQueryClient();
  const form = useForm({ initialValues: { name: "", days: "90" } });
  const { submit, busy, error } = useSubmit(form, {
    send: ({ name, days }) =>
      body(api.POST("/api/v1/tokens", { body: { name: name.trim(), expires_in_days: Number(days) } })),
    fields: { expires_in_days: "days" },
    onDone: ({ token }) => {
      void cache.invalidateQueries({ queryKey: keys.tokens });
      onMade(token);
    },
  });
  const ends = date(new Date(Date.now() + Number(form.values.days) * DAY_MS));
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("account:token.name")}
          description={t("account:token.name_why")}
          placeholder={t("account:token.name_like")}
          maxLength={64}
          required
          withAsterisk={false}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Input.Wrapper
          label={t("account:token.how_long")}
          labelElement="div"
          description={t("account:token.until", { date: ends })}
          inputWrapperOrder={["label", "input", "description", "error"]}
        >
          <SegmentedControl
            fullWidth
            mt={4}
            aria-label={t("account:token.how_long")}
            data={DAYS.map((value) => ({ value, label: t("account:token.days", { count: Number(value) }) }))}
            {...form.getInputProps("days")}
          />
        </Input.Wrapper>
        {error && <Failure error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("account:token.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Made({ token, onClose }: { token: string; onClose: () => void }) {
  const { t } = useTranslation("account");
  return (
    <Stack gap="md">
      <Notice tone="warn" title={t("token.new.once")}>
        {t("token.new.words")}
      </Notice>
      <Copy text={token} label={t("token.new.title")} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("token.new.kept")}</Button>
      </Group>
    </Stack>
  );
}
