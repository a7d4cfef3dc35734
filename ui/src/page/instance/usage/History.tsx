// The chosen days: as bars by cause or by model, and what each cause, channel and model has in them.
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CauseUsage } from "~/api/types";
import { useModelName } from "../model/names";
import { ByDay } from "./ByDay";
import { Causes } from "./Causes";
import { Channels } from "./Channels";
import { CAUSES, type Cause, causeColour } from "./causes";
import { Download } from "./Download";
import type { Spent, Unit } from "./figures";
import type { Range } from "./range";
import { Shares } from "./Shares";
import { type Split, SplitChoice } from "./Split";
import classes from "./Usage.module.css";

interface Props {
  byDayCause: (Spent & { day: string; cause: Cause })[];
  /** Without it the bars are made of causes alone. */
  byDayModel?: (Spent & { day: string; model: string })[];
  byCause: CauseUsage[];
  byModel: (Spent & { model: string })[];
  range: Range;
  onRange: (range: Range) => void;
  /** Where the figures can be had as a file. */
  file: string;
  /** Below all of it, in the same unit. */
  children?: (unit: Unit) => ReactNode;
}

export function History({ byDayCause, byDayModel, byCause, byModel, range, onRange, file, children }: Props) {
  const { t } = useTranslation("instance");
  const [unit, setUnit] = useState<Unit>("money");
  const [split, setSplit] = useState<Split>("cause");
  const modelName = useModelName();
  const causeName = useCallback((cause: string) => t(`usage.cause.${cause as Cause}.name`), [t]);
  const entries = useMemo(
    () =>
      split === "cause"
        ? byDayCause.map((entry) => ({ ...entry, series: entry.cause }))
        : (byDayModel ?? []).map((entry) => ({ ...entry, series: entry.model })),
    [split, byDayCause, byDayModel],
  );
  const drawn = split === "cause" ? { label: causeName, order: CAUSES, colourOf: causeColour } : { label: modelName };
  return (
    <>
      <ByDay
        entries={entries}
        range={range}
        onRange={onRange}
        unit={unit}
        onUnit={setUnit}
        split={byDayModel && <SplitChoice value={split} onChange={setSplit} />}
        {...drawn}
      />
      <Causes rows={byCause} unit={unit} range={range} file={file} />
      <div className={classes.pair}>
        <Channels rows={byCause} unit={unit} range={range} />
        <Shares
          title={t("usage.by_model")}
          lead={t("usage.last_days", { count: range })}
          header={t("usage.model")}
          rows={byModel}
          rowKey={(row) => row.model}
          name={(row) => modelName(row.model)}
          unit={unit}
          half
          actions={<Download path={file} days={range} by="model" />}
        />
      </div>
      {children?.(unit)}
    </>
  );
}
