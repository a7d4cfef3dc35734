// The language an agent answers in. Names of languages come from the browser, in the reader's own.
import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Name.module.css";

const TAGS = [
  "en",
  "de",
  "zh-Hans",
  "zh-Hant",
  "es",
  "fr",
  "it",
  "pt",
  "nl",
  "pl",
  "cs",
  "da",
  "sv",
  "nb",
  "fi",
  "hu",
  "ro",
  "el",
  "tr",
  "uk",
  "ru",
  "ar",
  "he",
  "fa",
  "hi",
  "bn",
  "th",
  "vi",
  "id",
  "ja",
  "ko",
];
/** Mantine's Select has no empty value. */
const THEIRS = "theirs";

interface Props {
  /** Empty: whatever language it is written to. */
  value: string;
  onChange: (tag: string) => void;
  error?: string;
}

export function LanguageChoice({ value, onChange, error }: Props) {
  const { t, i18n } = useTranslation("wizard");
  const options = useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: "language" });
    const known = value && !TAGS.includes(value) ? [...TAGS, value] : TAGS;
    const languages = known.map((tag) => ({ value: tag, label: names.of(tag) ?? tag }));
    return [{ value: THEIRS, label: t("name.any_language") }, ...languages];
  }, [t, i18n.language, value]);
  return (
    <Select
      className={classes.language}
      label={t("name.language")}
      data={options}
      value={value || THEIRS}
      onChange={(tag) => onChange(tag && tag !== THEIRS ? tag : "")}
      searchable
      nothingFoundMessage={t("name.no_language")}
      maxDropdownHeight={260}
      error={error}
    />
  );
}
