// What can be done with the log: search, choose a source, hold it still, take it along.
import { Button, CloseButton, TextInput } from "@mantine/core";
import { IconDownload, IconPlayerPause, IconPlayerPlay, IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import { Segments } from "~/pattern/Segments";
import classes from "./Logs.module.css";

export const SOURCES = ["all", "stdout", "stderr"] as const;
export type Source = (typeof SOURCES)[number];

interface Props {
  search: string;
  onSearch: (search: string) => void;
  source: Source;
  onSource: (source: Source) => void;
  paused: boolean;
  waiting: number;
  onPause: () => void;
  onResume: () => void;
  onDownload: () => void;
  empty: boolean;
}

export function Bar({
  search,
  onSearch,
  source,
  onSource,
  paused,
  waiting,
  onPause,
  onResume,
  onDownload,
  empty,
}: Props) {
  const { t } = useTranslation(["instance", "common"]);
  return (
    <search className={classes.bar}>
      <TextInput
        className={classes.search}
        type="search"
        aria-label={t("logs.search")}
        placeholder={t("logs.search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={
          search && <CloseButton size="sm" aria-label={t("common:action.clear")} onClick={() => onSearch("")} />
        }
        value={search}
        maxLength={200}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      <Segments
        label={t("logs.source")}
        options={SOURCES.map((value) => ({ value, label: t(`logs.from.${value}`) }))}
        value={source}
        onChange={onSource}
      />
      <div className={classes.actions}>
        <Button
          variant="default"
          size="xs"
          leftSection={paused ? <IconPlayerPlay size={15} aria-hidden /> : <IconPlayerPause size={15} aria-hidden />}
          onClick={paused ? onResume : onPause}
        >
          {paused ? t("logs.resume", { count: waiting, amount: whole(waiting) }) : t("logs.pause")}
        </Button>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} aria-hidden />}
          disabled={empty}
          onClick={onDownload}
        >
          {t("common:action.download")}
        </Button>
      </div>
    </search>
  );
}
