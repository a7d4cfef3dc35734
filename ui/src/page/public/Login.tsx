import { Button, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSubmit } from "~/pattern/form";
import { type Credentials, signIn } from "~/session/sign";
import { useArrive } from "./entry/arrive";
import { Gate } from "./entry/Gate";
import { useHouse } from "./entry/house";
import { Password } from "./entry/NewPassword";
import { Refused } from "./entry/Refused";

const route = getRouteApi("/login");

export function Login() {
  const { t } = useTranslation(["public", "shell"]);
  const { next } = route.useSearch();
  const { entry } = useHouse();
  const arrive = useArrive();
  const form = useForm<Credentials>({ initialValues: { email: "", password: "" } });
  const { submit, busy, error, reset } = useSubmit(form, {
    send: signIn,
    onDone: () => arrive(next ?? "/instances"),
  });
  return (
    <Gate title={t("public:login.title")} lead={next && t("public:login.then")} other={<Other entry={entry} />}>
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
          <Password label={t("shell:password")} autoComplete="current-password" {...form.getInputProps("password")} />
          <Refused error={error} onOver={reset} />
          <Button type="submit" loading={busy} size="md">
            {t("shell:sign_in")}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}

function Other({ entry }: { entry: ReturnType<typeof useHouse>["entry"] }) {
  const { t } = useTranslation("public");
  if (entry === "setup") return <Link to="/setup">{t("login.setup")}</Link>;
  if (entry === "login") return <>{t("closed")}</>;
  return (
    <>
      {t("login.new")} <Link to="/signup">{t("login.signup")}</Link>
    </>
  );
}
