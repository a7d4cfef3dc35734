// Every change that Creel makes, live: what, for whom, how far, and why it failed.
import { IconListCheck } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { Empty } from "~/pattern/Empty";
import { Failure } from "~/pattern/Failure";
import { Page } from "~/pattern/Page";
import { Expandable } from "./list/Expandable";
import { Freshness } from "./list/Freshness";
import { NothingFound } from "./list/List";
import { Pick } from "./list/Pick";
import { type Paged, usePaged } from "./list/paging";
import { Tools } from "./list/Tools";
import { Inside } from "./operations/Inside";
import { Line } from "./operations/Line";
import type { FleetOperation } from "./operations/operation";

const route = getRouteApi("/app/operator/operations");
const EVERY_MS = 3_000;
const LIMIT = 50;
const STATUSES = ["pending", "running", "succeeded", "failed", "superseded"] as const;
const KINDS = ["create", "start", "stop", "restart", "reconfigure", "delete"] as const;

interface Filter {
  status?: (typeof STATUSES)[number];
  kind?: (typeof KINDS)[number];
}

export function Operations() {
  const { t } = useTranslation(["operator", "common"]);
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const put = (change: Filter) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const list = usePaged({
    key: [...keys.operator, "operations", filter],
    page: (after, signal) =>
      body(api.GET("/api/v1/operator/operations", { params: { query: { ...filter, after, limit: LIMIT } }, signal })),
    every: EVERY_MS,
  });
  return (
    <Page title={t("operations.title")} lead={t("operations.lead")}>
      <Tools end={<Freshness at={list.at} every={EVERY_MS} />}>
        <Pick
          label={t("operations.status")}
          value={filter.status}
          options={STATUSES.map((value) => ({ value, label: t(`common:status.${value}`) }))}
          onChange={(status) => put({ status })}
        />
        <Pick
          label={t("operations.kind")}
          value={filter.kind}
          options={KINDS.map((value) => ({ value, label: t(`common:operation.${value}`) }))}
          onChange={(kind) => put({ kind })}
        />
      </Tools>
      <Body
        list={list}
        filtered={Boolean(filter.status || filter.kind)}
        onClear={() => put({ status: undefined, kind: undefined })}
      />
    </Page>
  );
}

function Body({ list, filtered, onClear }: { list: Paged<FleetOperation>; filtered: boolean; onClear: () => void }) {
  const { t } = useTranslation("operator");
  if (!list.rows && list.error) return <Failure error={list.error} retry={list.refetch} />;
  if (list.rows?.length === 0)
    return filtered ? <NothingFound onClear={onClear} /> : <Empty icon={IconListCheck} title={t("operations.empty")} />;
  return (
    <Expandable
      label={t("operations.title")}
      list={list}
      rowKey={(row) => row.id}
      line={(row) => <Line row={row} />}
      inside={(row) => <Inside row={row} />}
    />
  );
}
