// A vendor's key: goes in, is tried at once, and never comes out again. Owns the typed key for as long as it is typed, and nowhere else.
import { Anchor, Button, PasswordInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconExternalLink } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Provider } from "~/api/types";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import { type Kept, KeptKey } from "./KeptKey";
import classes from "./Model.module.css";

interface Typed extends Record<string, unknown> {
  value: string;
  base_url: string;
}

interface Props {
  provider: Provider;
  /** The key that is there already. */
  kept?: Kept;
  /** Tries the key and keeps it; a refusal is an ApiError on the field `value` or `base_url`. */
  check: (key: { value: string; base_url?: string }) => Promise<unknown>;
  remove?: () => Promise<unknown>;
  /** What the button says; "Check key" if absent. */
  verb?: string;
}

export function KeyForm({ provider, kept, ...rest }: Props) {
  const [replacing, setReplacing] = useState(false);
  // What was pressed is gone with its half of the form, so the other half takes the focus.
  const [acted, setActed] = useState(false);
  const turn = (to: boolean) => {
    setReplacing(to);
    setActed(true);
  };
  if (kept && !replacing)
    return (
      <KeptKey provider={provider} kept={kept} focused={acted} remove={rest.remove} onReplace={() => turn(true)} />
    );
  return (
    <Entry
      key={provider.id}
      provider={provider}
      {...rest}
      focused={acted}
      onDone={() => turn(false)}
      onCancel={kept && (() => turn(false))}
    />
  );
}

interface EntryProps extends Omit<Props, "kept" | "remove"> {
  focused: boolean;
  onDone: () => void;
  onCancel?: () => void;
}

function Entry({ provider, check, verb, focused, onDone, onCancel }: EntryProps) {
  const { t } = useTranslation(["wizard", "common"]);
  const field = useRef<HTMLInputElement>(null);
  const form = useForm<Typed>({
    initialValues: { value: "", base_url: "" },
    validate: { value: (value) => (value.trim() ? null : t("key.missing")) },
  });
  const { submit, busy, error, reset } = useSubmit(form, {
    send: async ({ value, base_url }) => {
      await check({ value: value.trim(), ...(base_url.trim() && { base_url: base_url.trim() }) });
    },
    onDone: () => {
      form.reset();
      // The finished request would otherwise remember what was typed.
      reset();
      onDone();
    },
  });
  // What is wrong is read aloud with the field it belongs to.
  const wrong = form.errors.value;
  useEffect(() => {
    if (wrong || focused) field.current?.focus();
  }, [wrong, focused]);
  return (
    <form onSubmit={submit} className={classes.key} noValidate>
      {!provider.base_url && (
        <TextInput
          label={t("key.address")}
          description={t("key.address_words")}
          placeholder="https://"
          inputMode="url"
          maxLength={300}
          {...form.getInputProps("base_url")}
        />
      )}
      <div className={classes.row}>
        <PasswordInput
          ref={field}
          className={classes.field}
          label={t("key.label", { vendor: provider.name })}
          placeholder={provider.key?.prefix ? `${provider.key.prefix}…` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={512}
          visibilityToggleButtonProps={{ "aria-label": t("key.show") }}
          {...form.getInputProps("value")}
        />
        <Button type="submit" loading={busy} className={classes.check}>
          {verb ?? t("key.check")}
        </Button>
      </div>
      {error && <Failure error={error} />}
      <p className={classes.note}>
        {t("key.safe", { vendor: provider.name })} <WhereToGet provider={provider} />
        {onCancel && (
          <Anchor underline="always" component="button" type="button" size="sm" onClick={onCancel}>
            {t("key.keep_old")}
          </Anchor>
        )}
      </p>
    </form>
  );
}

function WhereToGet({ provider }: { provider: Provider }) {
  const { t } = useTranslation("wizard");
  const url = provider.key?.url;
  if (!url?.startsWith("https://")) return null;
  return (
    <Anchor underline="always" href={url} target="_blank" rel="noreferrer" size="sm">
      {t("key.where", { vendor: provider.name })} <IconExternalLink size={13} aria-label={t("new_tab")} />
    </Anchor>
  );
}
