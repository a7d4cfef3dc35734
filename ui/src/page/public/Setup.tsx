// The first operator: whoever holds the one-time code that Creel printed when it started.
import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "~/api/error";
import { useSubmit } from "~/pattern/form";
import { useArrive } from "./entry/arrive";
import { Gate } from "./entry/Gate";
import { useHouse } from "./entry/house";
import { join } from "./entry/join";
import { MaybeNew } from "./entry/MaybeNew";
import { NewPassword } from "./entry/NewPassword";
import { Refused } from "./entry/Refused";
import { codeOf } from "./entry/setup_code";

export function Setup() {
  const { t } = useTranslation(["public", "shell"]);
  const { entry, known } = useHouse();
  const arrive = useArrive();
  const code = useCode();
  const [unsure, setUnsure] = useState(false);
  const form = useForm({ initialValues: { setup_code: code, email: "", password: "" } });
  const { submit, busy, error, reset } = useSubmit(form, {
    send: ({ setup_code, ...person }) => join({ ...person, setup_code: setup_code.trim() }),
    onDone: (signedIn) => (signedIn ? arrive("/instances") : setUnsure(true)),
  });
  const wrongCode = error instanceof ApiError && error.status === 401;
  if (known && (entry === "signup" || entry === "login")) return <Done />;
  if (unsure) return <MaybeNew email={form.values.email} />;
  return (
    <Gate
      title={t("public:setup.title")}
      lead={
        <>
          <p>{t("public:setup.lead")}</p>
          <p>{t("public:setup.operator")}</p>
        </>
      }
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label={t("public:setup.code")}
            description={t("public:setup.where")}
            autoComplete="off"
            spellCheck={false}
            required
            withAsterisk={false}
            {...form.getInputProps("setup_code")}
            error={wrongCode ? t("public:setup.wrong") : form.errors.setup_code}
          />
          <TextInput
            label={t("shell:email")}
            type="email"
            autoComplete="username"
            required
            withAsterisk={false}
            {...form.getInputProps("email")}
          />
          <NewPassword email={form.values.email} {...form.getInputProps("password")} />
          {!wrongCode && <Refused error={error} onOver={reset} />}
          <Button type="submit" loading={busy} size="md">
            {t("public:setup.go")}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}

/** Taken from the address, and out of it: what stands there is kept in the browser's history. */
function useCode(): string {
  const [code] = useState(() => codeOf(window.location.hash));
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, "", window.location.pathname);
  }, []);
  return code;
}

/** There is an operator already. */
function Done() {
  const { t } = useTranslation("public");
  return (
    <Gate title={t("setup.done.title")} lead={<p>{t("setup.done.words")}</p>}>
      <Stack gap="md" mt="lg">
        <Button component={Link} to="/login" size="md">
          {t("sign_in")}
        </Button>
        <Text size="sm" c="dimmed">
          {t("setup.done.lost")}
        </Text>
      </Stack>
    </Gate>
  );
}
