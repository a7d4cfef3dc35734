// The one way to ask before something that cannot be taken back. What is lost stands there; a word must be typed where a slip would hurt.
import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "./Failure";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** What the button says, a verb: "Delete Ada". */
  verb: string;
  /** Must be typed, letter by letter. */
  word?: string;
  danger?: boolean;
  busy?: boolean;
  error?: unknown;
  onConfirm: () => void;
}

export function Confirm({
  opened,
  onClose,
  title,
  children,
  verb,
  word,
  danger = true,
  busy,
  error,
  onConfirm,
}: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [mismatch, setMismatch] = useState(false);

  const close = () => {
    setTyped("");
    setMismatch(false);
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (word && typed.trim() !== word) setMismatch(true);
    else onConfirm();
  };

  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ "aria-label": t("action.close") }}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <Text component="div" size="sm">
            {children}
          </Text>
          {word && (
            <TextInput
              label={t("confirm.type", { word })}
              value={typed}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                setMismatch(false);
              }}
              error={mismatch ? t("confirm.mismatch", { word }) : undefined}
              autoComplete="off"
              spellCheck={false}
              data-autofocus
            />
          )}
          {error !== undefined && error !== null && <Failure error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" color={danger ? "red" : undefined} loading={busy}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
