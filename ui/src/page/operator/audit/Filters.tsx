// What of the log is shown, and the same as a file.
import { Button, CloseButton, Menu, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "~/api/types";
import { Pick } from "../list/Pick";
import { SearchField } from "../list/SearchField";
import { Tools } from "../list/Tools";
import classes from "./Audit.module.css";
import { exportPath, type Filter } from "./audit";
import { ACTIONS, useAuditWords } from "./words";

interface Props {
  filter: Filter;
  onFilter: (change: Filter) => void;
  rows: AuditEntry[];
}

export function Filters({ filter, onFilter, rows }: Props) {
  const { t } = useTranslation("operator");
  const words = useAuditWords();
  const actor = rows.find((row) => row.actor === filter.actor)?.actor_name;
  const target = rows.find((row) => row.target === filter.target)?.target_name;
  return (
    <Tools end={<Export filter={filter} />}>
      <SearchField label={t("audit.search")} value={filter.q} onChange={(q) => onFilter({ q })} />
      <Pick
        label={t("audit.what")}
        value={filter.action}
        options={ACTIONS.map((value) => ({ value: value as string, label: words.action(value) }))}
        onChange={(action) => onFilter({ action })}
        searchable
      />
      <Day label={t("audit.from")} value={filter.from} max={filter.to} onChange={(from) => onFilter({ from })} />
      <Day label={t("audit.to")} value={filter.to} min={filter.from} onChange={(to) => onFilter({ to })} />
      {filter.actor && (
        <Chosen label={t("audit.actor")} value={actor ?? filter.actor} onGone={() => onFilter({ actor: undefined })} />
      )}
      {filter.target && (
        <Chosen
          label={t("audit.target")}
          value={target ?? filter.target}
          onGone={() => onFilter({ target: undefined })}
        />
      )}
    </Tools>
  );
}

interface DayProps {
  label: string;
  value: string | undefined;
  min?: string;
  max?: string;
  onChange: (day: string | undefined) => void;
}

function Day({ label, value, min, max, onChange }: DayProps) {
  return (
    <TextInput
      type="date"
      className={classes.day}
      aria-label={label}
      leftSection={<span className={classes.soft}>{label}</span>}
      leftSectionWidth={50}
      value={value ?? ""}
      min={min}
      max={max}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}

function Chosen({ label, value, onGone }: { label: string; value: string; onGone: () => void }) {
  const { t } = useTranslation("operator");
  return (
    <span className={classes.pill}>
      <span className="truncate foreign">
        {label}: {value}
      </span>
      <CloseButton size="xs" aria-label={t("list.any", { label })} onClick={onGone} />
    </span>
  );
}

function Export({ filter }: { filter: Filter }) {
  const { t } = useTranslation("operator");
  return (
    <Menu position="bottom-end" shadow="md" width={230}>
      <Menu.Target>
        <Button variant="default" size="sm" leftSection={<IconDownload size={16} aria-hidden />}>
          {t("audit.export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("audit.export_words")}</Menu.Label>
        {(["csv", "json"] as const).map((format) => (
          <Menu.Item key={format} component="a" href={exportPath(format, filter)} download>
            {t(`audit.as.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
