// The address one signs in with. Changing it needs the password, so that a forgotten screen cannot give an account away.
import { Avatar, Button, Group, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { api, done } from "~/api/client";
import { keys } from "~/api/keys";
import { Password } from "~/page/public/entry/NewPassword";
import { Refused } from "~/page/public/entry/Refused";
import { useSubmit } from "~/pattern/form";
import { Panel } from "~/pattern/Panel";
import { useMe } from "~/session/me";
import { useFold } from "./fold";
import classes from "./Profile.module.css";

export function Profile() {
  const { t } = useTranslation("account");
  const { open, show, hide, first, trigger } = useFold();
  const change = (
    <Button ref={trigger} variant="default" size="xs" onClick={show}>
      {t("email.change")}
    </Button>
  );
  return (
    <Panel title={t("email.title")} actions={!open && change}>
      {open ? <ChangeEmail first={first} onClose={hide} /> : <Current />}
    </Panel>
  );
}

function Current() {
  const { t } = useTranslation(["account", "shell"]);
  const me = useMe();
  return (
    <div className={classes.person}>
      <Avatar size={44} color="sea" radius={22} alt="">
        {me?.email.charAt(0).toUpperCase()}
      </Avatar>
      <div className={classes.words}>
        <p className={`${classes.email} foreign`}>{me?.email}</p>
        <p className={classes.note}>{me?.is_operator ? t("account:email.operator") : t("account:email.note")}</p>
      </div>
    </div>
  );
}

function ChangeEmail({ first, onClose }: { first: Ref<HTMLInputElement>; onClose: () => void }) {
  const { t } = useTranslation(["account", "common"]);
  const cache = useQueryClient();
  const form = useForm({ initialValues: { email: "", current_password: "" } });
  const { submit, busy, error, reset } = useSubmit(form, {
    send: (body) => done(api.PUT("/api/v1/me/email", { body })),
    onDone: async () => {
      await cache.invalidateQueries({ queryKey: keys.me });
      notifications.show({ message: t("account:email.done") });
      onClose();
    },
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label={t("account:email.new")}
          type="email"
          autoComplete="email"
          required
          withAsterisk={false}
          ref={first}
          {...form.getInputProps("email")}
        />
        <Password
          label={t("account:password.current")}
          description={t("account:email.why")}
          autoComplete="current-password"
          {...form.getInputProps("current_password")}
        />
        <Refused error={error} onOver={reset} />
        <Group gap="xs">
          <Button type="submit" loading={busy}>
            {t("account:email.save")}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
