// Thirty days as bars.
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { money } from "~/format/number";
import { day } from "~/format/time";
import { Bars } from "~/pattern/chart/Bars";
import { lastDays } from "./days";
import type { DayCost } from "./overview";

const DAYS = 30;

export function SpendChart({ days }: { days: DayCost[] }) {
  const { t } = useTranslation("operator");
  const label = t("overview.chart");
  const columns = useMemo(
    () =>
      lastDays(days, DAYS, new Date()).map((one) => ({ key: one.day, name: day(one.day), parts: [one.cost_nano_usd] })),
    [days],
  );
  return (
    <Bars
      label={label}
      summary={label}
      series={[{ key: "all", name: label, colour: "var(--chart-1)" }]}
      columns={columns}
      says={money}
    />
  );
}
