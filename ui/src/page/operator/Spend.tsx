// What everybody's model calls cost, who made them, and the limits that stop them.
import { IconCoin } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ByDay, type Range } from "~/page/instance/usage/ByDay";
import type { Unit } from "~/page/instance/usage/figures";
import { Empty } from "~/pattern/Empty";
import { Await, Lines } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { Panel } from "~/pattern/Panel";
import { Limits } from "./limits/Limits";
import { Freshness } from "./list/Freshness";
import { ByModel, ByVendor } from "./spend/Shares";
import { Summary } from "./spend/Summary";
import { EVERY_MS, FIRST_RANGE, type Spend as Spent, spendQuery } from "./spend/spend";
import { Tenants } from "./spend/Tenants";

export function Spend() {
  const { t } = useTranslation("operator");
  const [range, setRange] = useState<Range>(FIRST_RANGE);
  const query = useQuery({ ...spendQuery(range), placeholderData: (before) => before });
  return (
    <Page
      title={t("spend.title")}
      lead={t("spend.lead")}
      actions={<Freshness at={query.dataUpdatedAt} every={EVERY_MS} />}
    >
      <Await query={query} skeleton={<Outline />}>
        {(spend) => <Figures spend={spend} range={range} onRange={setRange} />}
      </Await>
    </Page>
  );
}

function Figures({ spend, range, onRange }: { spend: Spent; range: Range; onRange: (range: Range) => void }) {
  const { t } = useTranslation("operator");
  const [unit, setUnit] = useState<Unit>("money");
  // Without names of models the chart has one series: everything.
  const days = useMemo(() => spend.by_day.map((day) => ({ ...day, series: "all" })), [spend]);
  const quiet = spend.month.calls === 0 && days.length === 0 && range === FIRST_RANGE;
  return (
    <>
      <Summary spend={spend} />
      {quiet ? (
        <Panel>
          <Empty icon={IconCoin} title={t("spend.empty")}>
            {t("spend.empty_words")}
          </Empty>
        </Panel>
      ) : (
        <ByDay
          entries={days}
          range={range}
          onRange={onRange}
          unit={unit}
          onUnit={setUnit}
          label={() => t("spend.all")}
        />
      )}
      <Limits />
      {!quiet && (
        <>
          <ByVendor rows={spend.by_provider} unit={unit} days={range} />
          <ByModel rows={spend.by_model} unit={unit} days={range} />
          <Tenants rows={spend.by_tenant} days={range} />
        </>
      )}
    </>
  );
}

function Outline() {
  const { t } = useTranslation("operator");
  return (
    <>
      <Panel title={t("spend.month")}>
        <Lines count={2} height={22} />
      </Panel>
      <Panel>
        <Lines count={8} height={22} />
      </Panel>
    </>
  );
}
