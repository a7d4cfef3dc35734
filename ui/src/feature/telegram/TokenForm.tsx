// The bot token: pasted, checked with Telegram at once, kept by the server alone. Owns the typed token for as long as it is typed.
import { Button, PasswordInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type ClipboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { TelegramClaim } from "~/api/types";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import classes from "./Telegram.module.css";

/** What BotFather gives: the bot's number, a colon, 35 characters. */
const TOKEN = /^\d{6,12}:[\w-]{30,50}$/;

interface Props {
  check: (token: string) => Promise<TelegramClaim>;
  onChecked?: (claim: TelegramClaim) => void;
  /** The field takes the focus: the person came back to it. */
  focused?: boolean;
}

export function TokenForm({ check, onChecked, focused }: Props) {
  const { t } = useTranslation("wizard");
  const field = useRef<HTMLInputElement>(null);
  const form = useForm({
    initialValues: { token: "" },
    validate: { token: (token) => (TOKEN.test(token.trim()) ? null : t("telegram.not_a_token")) },
  });
  const { submit, busy, error, reset } = useSubmit(form, {
    send: ({ token }) => check(token.trim()),
    onDone: (claim) => {
      form.reset();
      // The finished request would otherwise remember what was typed.
      reset();
      onChecked?.(claim);
    },
    fields: { "telegram.token": "token" },
  });
  // What is wrong is read aloud with the field it belongs to.
  const wrong = form.errors.token;
  useEffect(() => {
    if (wrong || focused) field.current?.focus();
  }, [wrong, focused]);
  // A whole token needs no further question.
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const text = event.clipboardData.getData("text").trim();
    if (!TOKEN.test(text)) return;
    event.preventDefault();
    form.setFieldValue("token", text);
    submit();
  };
  return (
    <form onSubmit={submit} className={classes.token} noValidate>
      <div className={classes.row}>
        <PasswordInput
          ref={field}
          className={classes.field}
          label={t("telegram.token")}
          placeholder={t("telegram.token_hint")}
          autoComplete="off"
          spellCheck={false}
          maxLength={128}
          onPaste={paste}
          visibilityToggleButtonProps={{ "aria-label": t("telegram.show") }}
          {...form.getInputProps("token")}
        />
        <Button type="submit" loading={busy} className={classes.check}>
          {t("telegram.check")}
        </Button>
      </div>
      {error && <Failure error={error} />}
      <p className={classes.note}>{t("telegram.safe")}</p>
    </form>
  );
}
