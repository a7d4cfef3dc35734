// A new password ends every other session: whoever knew the old one is out.
import { Button, Group, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { api, done } from "~/api/client";
import { keys } from "~/api/keys";
import { Password as Field, NewPassword } from "~/page/public/entry/NewPassword";
import { Refused } from "~/page/public/entry/Refused";
import { useSubmit } from "~/pattern/form";
import { Panel } from "~/pattern/Panel";
import { useMe } from "~/session/me";
import { useFold } from "./fold";

export function Password() {
  const { t } = useTranslation("account");
  const { open, show, hide, first, trigger } = useFold();
  const change = (
    <Button ref={trigger} variant="default" size="xs" onClick={show}>
      {t("password.change")}
    </Button>
  );
  return (
    <Panel title={t("password.title")} lead={t("password.lead")} actions={!open && change}>
      {open && <ChangePassword first={first} onClose={hide} />}
    </Panel>
  );
}

function ChangePassword({ first, onClose }: { first: Ref<HTMLInputElement>; onClose: () => void }) {
  const { t } = useTranslation(["account", "common"]);
  const cache = useQueryClient();
  const email = useMe()?.email ?? "";
  const form = useForm({ initialValues: { current_password: "", new_password: "" } });
  const { submit, busy, error, reset } = useSubmit(form, {
    send: (body) => done(api.PUT("/api/v1/me/password", { body })),
    onDone: () => {
      void cache.invalidateQueries({ queryKey: keys.sessions });
      notifications.show({ message: t("account:password.done") });
      onClose();
    },
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {/* Password keepers look for it to know whose password this is. */}
        <input type="email" value={email} readOnly hidden autoComplete="username" />
        <Field
          ref={first}
          label={t("account:password.current")}
          autoComplete="current-password"
          {...form.getInputProps("current_password")}
        />
        <NewPassword label={t("account:password.new")} email={email} {...form.getInputProps("new_password")} />
        <Refused error={error} onOver={reset} />
        <Group gap="xs">
          <Button type="submit" loading={busy}>
            {t("account:password.save")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
