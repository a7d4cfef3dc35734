// What all agents of the tenant used: the month, by day, by agent, by model.
import { IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { compact, money } from "~/format/number";
import { longDay } from "~/format/time";
import { useModelName } from "~/page/instance/model/names";
import { ByDay, type Range } from "~/page/instance/usage/ByDay";
import type { Unit } from "~/page/instance/usage/figures";
import { Shares } from "~/page/instance/usage/Shares";
import classes from "~/page/instance/usage/Usage.module.css";
import { Empty } from "~/pattern/Empty";
import { AnchorLink } from "~/pattern/LinkTo";
import { Await, Lines } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { Panel } from "~/pattern/Panel";
import { FIRST_RANGE, tenantUsageQuery } from "./usage";

function useTenantUsage(days: number) {
  return useQuery({ ...tenantUsageQuery(days), placeholderData: (before) => before });
}
type TenantUsageView = NonNullable<ReturnType<typeof useTenantUsage>["data"]>;

export function TenantUsage() {
  const { t } = useTranslation("instance");
  const [range, setRange] = useState<Range>(FIRST_RANGE);
  const query = useTenantUsage(range);
  return (
    <Page title={t("usage.title")} lead={t("usage.lead")}>
      <Await query={query} skeleton={<Outline />}>
        {(data) =>
          data.month.calls === 0 && data.by_day.length === 0 && range === FIRST_RANGE ? (
            <Panel>
              <Empty icon={IconChartBar} title={t("usage.empty_title")}>
                {t("usage.empty")}
              </Empty>
            </Panel>
          ) : (
            <Figures data={data} range={range} onRange={setRange} />
          )
        }
      </Await>
    </Page>
  );
}

function Figures({ data, range, onRange }: { data: TenantUsageView; range: Range; onRange: (range: Range) => void }) {
  const { t } = useTranslation("instance");
  const [unit, setUnit] = useState<Unit>("money");
  const name = useModelName();
  const days = useMemo(() => data.by_day.map((entry) => ({ ...entry, model: "all" })), [data]);
  return (
    <>
      <Panel title={t("usage.month")} lead={t("spend.renews", { date: longDay(new Date(data.month.renews_at)) })}>
        <div className={classes.numbers}>
          <Figure value={money(data.month.cost_nano_usd)} label={t("usage.spent")} />
          <Figure value={compact(data.month.tokens)} label={t("usage.tokens")} />
          <Figure value={compact(data.month.calls)} label={t("usage.calls")} />
        </div>
      </Panel>
      <ByDay
        entries={days}
        range={range}
        onRange={onRange}
        unit={unit}
        onUnit={setUnit}
        label={() => t("usage.all_agents")}
      />
      <Shares
        title={t("usage.by_agent")}
        header={t("usage.agent")}
        rows={data.by_instance}
        rowKey={(row) => row.slug}
        name={(row) => (
          <AnchorLink to="/instances/$slug/usage" params={{ slug: row.slug }} size="sm">
            {row.name}
          </AnchorLink>
        )}
        unit={unit}
      />
      <Shares
        title={t("usage.by_model")}
        header={t("usage.model")}
        rows={data.by_model}
        rowKey={(row) => row.model}
        name={(row) => name(row.model)}
        unit={unit}
      />
    </>
  );
}

function Figure({ value, label }: { value: string; label: string }) {
  return (
    <div>
      <p className={classes.big}>{value}</p>
      <p className={classes.soft}>{label}</p>
    </div>
  );
}

function Outline() {
  const { t } = useTranslation("instance");
  return (
    <>
      <Panel title={t("usage.month")}>
        <Lines count={2} height={22} />
      </Panel>
      <Panel title={t("usage.by_day")}>
        <Lines count={8} height={22} />
      </Panel>
    </>
  );
}
