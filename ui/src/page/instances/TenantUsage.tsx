// What all agents of the tenant used: the month and its limits, by day, by agent, by cause and by model.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { TenantUsage as Figures } from "~/api/types";
import { SharedLimits } from "~/page/instance/limits/Limits";
import { Download } from "~/page/instance/usage/Download";
import type { Unit } from "~/page/instance/usage/figures";
import { History } from "~/page/instance/usage/History";
import { Month } from "~/page/instance/usage/Month";
import { Nothing } from "~/page/instance/usage/Nothing";
import { Outline } from "~/page/instance/usage/Outline";
import { daysOf, FIRST_RANGE, type Range } from "~/page/instance/usage/range";
import { Shares } from "~/page/instance/usage/Shares";
import { AnchorLink } from "~/pattern/LinkTo";
import { Await } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { tenantUsageQuery } from "./usage";

const FILE = "/api/v1/usage/export";

const route = getRouteApi("/app/usage");

export function TenantUsage() {
  const { t } = useTranslation("instance");
  const { days: range = FIRST_RANGE } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useQuery({ ...tenantUsageQuery(range), placeholderData: (before) => before });
  return (
    <Page title={t("usage.title")} lead={t("usage.lead")}>
      <Await query={query} skeleton={<Outline />}>
        {(data: Figures) => (
          <>
            <Month month={data.month} forecast={data.forecast} limits={data.limits} />
            <SharedLimits limits={data.limits} />
            {data.month.calls === 0 && data.by_day.length === 0 && range === FIRST_RANGE ? (
              <Nothing />
            ) : (
              <History
                byDayCause={data.by_day_cause}
                byDayModel={data.by_day_model}
                byCause={data.by_cause}
                byModel={data.by_model}
                range={range}
                onRange={(to) => void navigate({ search: daysOf(to), replace: true, resetScroll: false })}
                file={FILE}
              >
                {(unit) => <Agents data={data} unit={unit} range={range} />}
              </History>
            )}
          </>
        )}
      </Await>
    </Page>
  );
}

function Agents({ data, unit, range }: { data: Figures; unit: Unit; range: Range }) {
  const { t } = useTranslation("instance");
  return (
    <Shares
      title={t("usage.by_agent")}
      lead={t("usage.last_days", { count: range })}
      header={t("usage.agent")}
      rows={data.by_instance}
      rowKey={(row) => row.slug}
      name={(row) => (
        <AnchorLink to="/instances/$slug/usage" params={{ slug: row.slug }} search={daysOf(range)} size="sm">
          {row.name}
        </AnchorLink>
      )}
      unit={unit}
      actions={<Download path={FILE} days={range} by="model" />}
    />
  );
}
