// A new account. The API answers alike whether or not the address had one; so does this page.
import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "~/api/error";
import { useSubmit } from "~/pattern/form";
import { useArrive } from "./entry/arrive";
import { Closed } from "./entry/Closed";
import { Gate } from "./entry/Gate";
import { useHouse } from "./entry/house";
import { join } from "./entry/join";
import { MaybeNew } from "./entry/MaybeNew";
import { NewPassword } from "./entry/NewPassword";
import { Refused } from "./entry/Refused";

export function SignUp() {
  const { t } = useTranslation(["public", "shell"]);
  const { entry } = useHouse();
  const arrive = useArrive();
  const [unsure, setUnsure] = useState(false);
  const form = useForm({ initialValues: { email: "", password: "" } });
  const { submit, busy, error, reset } = useSubmit(form, {
    send: (values) => join(values),
    onDone: (signedIn) => (signedIn ? arrive("/new") : setUnsure(true)),
  });
  // Closed in the meantime.
  const refused = error instanceof ApiError && error.status === 401;
  if (entry === "login" || refused) return <Closed />;
  if (unsure) return <MaybeNew email={form.values.email} />;
  return (
    <Gate title={t("public:signup.title")} lead={t("public:signup.lead")} other={<Known />}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t("shell:email")}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...form.getInputProps("email")}
          />
          <NewPassword email={form.values.email} {...form.getInputProps("password")} />
          <Refused error={error} onOver={reset} />
          <Button type="submit" loading={busy} size="md">
            {t("public:signup.go")}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}

export function Known(): ReactNode {
  const { t } = useTranslation("public");
  return (
    <>
      {t("signup.known")} <Link to="/login">{t("sign_in")}</Link>
    </>
  );
}
