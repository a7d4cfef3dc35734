// The same spend by vendor and by model.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { providersQuery } from "~/feature/model/catalogue";
import { useModelName } from "~/page/instance/model/names";
import type { Unit } from "~/page/instance/usage/figures";
import { Shares } from "~/page/instance/usage/Shares";
import type { Spend } from "./spend";

interface Props<R> {
  rows: R[];
  unit: Unit;
  days: number;
}

export function useVendorName(): (id: string) => string {
  const { data } = useQuery(providersQuery);
  return (id) => data?.find((provider) => provider.id === id)?.name ?? id;
}

export function ByVendor({ rows, unit, days }: Props<Spend["by_provider"][number]>) {
  const { t } = useTranslation("operator");
  const name = useVendorName();
  return (
    <Shares
      title={t("spend.by_vendor", { count: days })}
      header={t("spend.vendor")}
      rows={rows}
      rowKey={(row) => row.provider}
      name={(row) => name(row.provider)}
      unit={unit}
    />
  );
}

export function ByModel({ rows, unit, days }: Props<Spend["by_model"][number]>) {
  const { t } = useTranslation("operator");
  const name = useModelName();
  return (
    <Shares
      title={t("spend.by_model", { count: days })}
      header={t("spend.model")}
      rows={rows}
      rowKey={(row) => row.model}
      name={(row) => name(row.model)}
      unit={unit}
    />
  );
}
