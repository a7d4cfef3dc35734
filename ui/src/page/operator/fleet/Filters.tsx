// What of the fleet is shown. All of it is in the address.
import { Button, CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { Pick } from "../list/Pick";
import { SearchField } from "../list/SearchField";
import { Tools } from "../list/Tools";
import { releasesQuery } from "../releases";
import classes from "./Fleet.module.css";
import type { Filter, FleetRow } from "./fleet";

const STATES = ["running", "starting", "creating", "stopping", "stopped", "error", "unknown", "deleting"] as const;

interface Props {
  filter: Filter;
  onFilter: (change: Filter) => void;
  onClear: () => void;
  rows: FleetRow[];
}

export function Filters({ filter, onFilter, onClear, rows }: Props) {
  const { t } = useTranslation(["operator", "common"]);
  const plans = useQuery({ queryKey: keys.plans, queryFn: () => body(api.GET("/api/v1/plans")) });
  const releases = useQuery(releasesQuery);
  const versions = [...new Set(releases.data?.items.map(({ openclaw }) => openclaw))];
  const any = Object.values(filter).some(Boolean);
  return (
    <Tools
      end={
        any && (
          <Button variant="subtle" size="xs" onClick={onClear}>
            {t("list.clear")}
          </Button>
        )
      }
    >
      <SearchField label={t("fleet.search")} value={filter.q} onChange={(q) => onFilter({ q })} />
      <Pick
        label={t("fleet.state")}
        value={filter.state}
        options={STATES.map((value) => ({ value, label: t(`common:state.${value}`) }))}
        onChange={(state) => onFilter({ state })}
      />
      <Pick
        label={t("fleet.plan")}
        value={filter.plan}
        options={(plans.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(plan) => onFilter({ plan })}
      />
      <Pick
        label={t("fleet.release")}
        value={filter.release}
        options={versions.map((value) => ({ value, label: value }))}
        onChange={(release) => onFilter({ release })}
        searchable
      />
      {filter.tenant && <Tenant tenant={filter.tenant} rows={rows} onGone={() => onFilter({ tenant: undefined })} />}
    </Tools>
  );
}

/** Chosen by a link, so it is shown as what it is and can only be taken away. */
function Tenant({ tenant, rows, onGone }: { tenant: string; rows: FleetRow[]; onGone: () => void }) {
  const { t } = useTranslation("operator");
  const owner = rows.find((row) => row.tenant === tenant)?.owner ?? tenant;
  return (
    <span className={classes.pill}>
      <span className="truncate foreign">{t("fleet.of", { owner })}</span>
      <CloseButton size="xs" aria-label={t("fleet.of_all")} onClick={onGone} />
    </span>
  );
}
