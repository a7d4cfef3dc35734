// A search that waits for a pause in typing before it asks.
import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./List.module.css";

const PAUSE_MS = 250;

interface Props {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

export function SearchField({ label, value = "", onChange }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(value);
  const tell = useDebouncedCallback((text: string) => onChange(text.trim() || undefined), PAUSE_MS);
  // The address may change by a link or the browser's back.
  useEffect(() => setTyped((now) => (now.trim() === value ? now : value)), [value]);
  const put = (text: string) => {
    setTyped(text);
    tell(text);
  };
  return (
    <TextInput
      type="search"
      className={classes.search}
      aria-label={label}
      placeholder={label}
      maxLength={200}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={typed && <CloseButton size="sm" aria-label={t("action.clear")} onClick={() => put("")} />}
      value={typed}
      onChange={(event) => put(event.currentTarget.value)}
    />
  );
}
