// The session ended while a page was open: sign in on top of it, so that nothing typed is lost.
import { Anchor, Button, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { onSessionExpired } from "~/api/client";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import { useMe } from "~/session/me";
import { type Credentials, signIn, useSignOut } from "~/session/sign";

export function SessionExpired() {
  const { t } = useTranslation("shell");
  const [opened, setOpened] = useState(false);
  const cache = useQueryClient();
  const me = useMe();
  const signOut = useSignOut();
  useEffect(() => onSessionExpired(() => setOpened(true)), []);

  const form = useForm<Credentials>({ initialValues: { email: "", password: "" } });
  const { submit, busy, error } = useSubmit(form, {
    send: ({ password }) => signIn({ email: me?.email ?? "", password }),
    onDone: () => {
      form.reset();
      setOpened(false);
      void cache.invalidateQueries();
    },
  });

  if (!me) return null;
  return (
    <Modal opened={opened} onClose={() => undefined} withCloseButton={false} title={t("expired.title")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">{t("expired.lead")}</Text>
          <TextInput label={t("email")} value={me.email} readOnly autoComplete="username" />
          <PasswordInput
            label={t("password")}
            autoComplete="current-password"
            required
            data-autofocus
            {...form.getInputProps("password")}
          />
          {error && <Failure error={error} />}
          <Button type="submit" loading={busy}>
            {t("sign_in")}
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => signOut.mutate()}>
            {t("expired.other")}
          </Anchor>
        </Stack>
      </form>
    </Modal>
  );
}
