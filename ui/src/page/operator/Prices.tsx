// What models cost: rows that came with the release and rows of the operator's own, each with its history and its source.
import { Button } from "@mantine/core";
import { IconPlus, IconTags } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import { Empty } from "~/pattern/Empty";
import { Failure } from "~/pattern/Failure";
import { Page } from "~/pattern/Page";
import { useNow } from "~/pattern/Time";
import { Expandable } from "./list/Expandable";
import { NothingFound } from "./list/List";
import listClasses from "./list/List.module.css";
import { Pick } from "./list/Pick";
import { SearchField } from "./list/SearchField";
import { Tools } from "./list/Tools";
import { Add, type Start } from "./prices/Add";
import { History } from "./prices/History";
import { Line } from "./prices/Line";
import { type Filter, found, grouped, ORIGINS, pricesQuery } from "./prices/prices";
import { Unpriced } from "./prices/Unpriced";
import { useVendorName } from "./spend/Shares";

const route = getRouteApi("/app/operator/prices");

/** As many are drawn at once; whoever wants a certain one searches. */
const FIRST = 30;
const STEP = 90;

export function Prices() {
  const { t } = useTranslation("operator");
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const put = (change: Filter) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  const clear = () => void navigate({ search: {}, replace: true });
  const vendor = useVendorName();
  const query = useQuery(pricesQuery);
  const [adding, setAdding] = useState<Start>();
  const [most, setMost] = useState(FIRST);
  const now = useNow();
  const all = useMemo(() => query.data && grouped(query.data, now), [query.data, now]);
  const vendors = useMemo(() => [...new Set(all?.map(({ provider }) => provider))], [all]);
  const shown = all && found(all, filter, vendor);
  return (
    <Page
      title={t("prices.title")}
      lead={t("prices.lead")}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding({})}>
          {t("prices.add")}
        </Button>
      }
    >
      {query.data && <Unpriced rows={query.data} onAdd={setAdding} />}
      <Tools
        end={
          <span className={listClasses.soft}>
            {shown && t("prices.count", { count: shown.length, amount: whole(shown.length) })}
          </span>
        }
      >
        <SearchField label={t("prices.search")} value={filter.q} onChange={(q) => put({ q })} />
        <Pick
          label={t("prices.vendor")}
          value={filter.provider}
          options={vendors.map((value) => ({ value, label: vendor(value) }))}
          onChange={(provider) => put({ provider })}
        />
        <Pick
          label={t("prices.origin")}
          value={filter.origin}
          options={ORIGINS.map((value) => ({ value, label: t(`prices.from.${value}`) }))}
          onChange={(origin) => put({ origin })}
        />
      </Tools>
      {!all && query.error ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : shown?.length === 0 ? (
        all?.length === 0 ? (
          <Empty icon={IconTags} title={t("prices.empty")} />
        ) : (
          <NothingFound onClear={clear} />
        )
      ) : (
        <Expandable
          label={t("prices.title")}
          list={{
            rows: shown?.slice(0, most),
            error: query.error,
            at: query.dataUpdatedAt,
            old: false,
            refetch: () => void query.refetch(),
            more: { has: (shown?.length ?? 0) > most, busy: false, load: () => setMost(most + STEP) },
          }}
          rowKey={(group) => group.key}
          line={(group) => <Line group={group} vendor={vendor(group.provider)} />}
          inside={(group) => <History group={group} onChange={setAdding} />}
        />
      )}
      {adding && <Add start={adding} onClose={() => setAdding(undefined)} />}
    </Page>
  );
}
