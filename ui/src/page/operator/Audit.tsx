// Who did what, when and to whom: all of it, searchable, to take away.
import { IconShieldCheck } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "~/api/types";
import { Empty } from "~/pattern/Empty";
import { Failure } from "~/pattern/Failure";
import { Page } from "~/pattern/Page";
import { type Filter, useAudit } from "./audit/audit";
import { Filters } from "./audit/Filters";
import { Inside, Line } from "./audit/Line";
import { Expandable } from "./list/Expandable";
import { NothingFound } from "./list/List";
import type { Paged } from "./list/paging";

const route = getRouteApi("/app/operator/audit");

export function Audit() {
  const { t } = useTranslation("operator");
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useAudit(filter);
  const put = (change: Filter) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const clear = () => void navigate({ search: {}, replace: true });
  return (
    <Page title={t("audit.title")} lead={t("audit.lead")}>
      <Filters filter={filter} onFilter={put} rows={list.rows ?? []} />
      <Body list={list} filtered={Object.values(filter).some(Boolean)} onClear={clear} onFilter={put} />
    </Page>
  );
}

interface BodyProps {
  list: Paged<AuditEntry>;
  filtered: boolean;
  onClear: () => void;
  onFilter: (change: Filter) => void;
}

function Body({ list, filtered, onClear, onFilter }: BodyProps) {
  const { t } = useTranslation("operator");
  if (!list.rows && list.error) return <Failure error={list.error} retry={list.refetch} />;
  if (list.rows?.length === 0)
    return filtered ? <NothingFound onClear={onClear} /> : <Empty icon={IconShieldCheck} title={t("audit.empty")} />;
  return (
    <Expandable
      label={t("audit.title")}
      list={list}
      rowKey={(row) => row.id}
      line={(row) => <Line entry={row} />}
      inside={(row) => <Inside entry={row} onFilter={onFilter} />}
    />
  );
}
