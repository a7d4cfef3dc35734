// Where people wrote from, and what was done without anybody writing.
import { useTranslation } from "react-i18next";
import type { CauseUsage } from "~/api/types";
import { byChannel, channelName } from "./causes";
import type { Unit } from "./figures";
import type { Range } from "./range";
import { Shares } from "./Shares";
import classes from "./Usage.module.css";

export function Channels({ rows, unit, range }: { rows: CauseUsage[]; unit: Unit; range: Range }) {
  const { t } = useTranslation("instance");
  const nobody = (
    <>
      {t("usage.no_channel")}
      <span className={classes.means}>{t("usage.no_channel_what")}</span>
    </>
  );
  return (
    <Shares
      title={t("usage.by_channel")}
      lead={t("usage.last_days", { count: range })}
      header={t("usage.channel")}
      rows={byChannel(rows)}
      rowKey={({ key }) => key}
      name={({ key }) => (key ? channelName(key) : nobody)}
      unit={unit}
      half
    />
  );
}
