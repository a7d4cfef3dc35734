// Why models were called, each reason with what it means.
import { useTranslation } from "react-i18next";
import type { CauseUsage } from "~/api/types";
import { byCause, causeColour } from "./causes";
import { Download } from "./Download";
import type { Unit } from "./figures";
import type { Range } from "./range";
import { Shares } from "./Shares";
import classes from "./Usage.module.css";

interface Props {
  rows: CauseUsage[];
  unit: Unit;
  range: Range;
  /** Where the figures can be had as a file. */
  file: string;
}

export function Causes({ rows, unit, range, file }: Props) {
  const { t } = useTranslation("instance");
  return (
    <Shares
      title={t("usage.by_cause")}
      lead={t("usage.last_days", { count: range })}
      header={t("usage.cause_of")}
      rows={byCause(rows)}
      rowKey={({ key }) => key}
      name={({ key }) => (
        <>
          {t(`usage.cause.${key}.name`)}
          <span className={classes.means}>{t(`usage.cause.${key}.what`)}</span>
        </>
      )}
      colour={({ key }) => causeColour(key)}
      unit={unit}
      actions={<Download path={file} days={range} by="cause" />}
    />
  );
}
