// What the agent used: the month against its limit, day by day, model by model.
import { IconChartBar } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "~/pattern/Empty";
import { Await, Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { useAgent, useUsage } from "./agent";
import { useModelName } from "./model/names";
import { ByDay, type Range } from "./usage/ByDay";
import type { Unit } from "./usage/figures";
import { Month } from "./usage/Month";
import { Shares } from "./usage/Shares";

export function Usage() {
  const { t } = useTranslation("instance");
  const agent = useAgent();
  const [range, setRange] = useState<Range>(30);
  const [unit, setUnit] = useState<Unit>("money");
  const query = useUsage(agent.slug, range);
  const name = useModelName();
  return (
    <>
      <Month agent={agent} />
      <Await
        query={query}
        skeleton={
          <Panel title={t("usage.by_day")}>
            <Lines count={8} height={22} />
          </Panel>
        }
      >
        {(data) =>
          data.month.calls === 0 && data.by_day.length === 0 && range === 30 ? (
            <Panel>
              <Empty icon={IconChartBar} title={t("usage.empty_title")}>
                {t("usage.empty")}
              </Empty>
            </Panel>
          ) : (
            <>
              <ByDay
                entries={data.by_day_model}
                range={range}
                onRange={setRange}
                unit={unit}
                onUnit={setUnit}
                label={name}
              />
              <Shares
                title={t("usage.by_model")}
                header={t("usage.model")}
                rows={data.by_model.map((row) => ({ ...row, tokens: row.total }))}
                rowKey={(row) => row.model}
                name={(row) => name(row.model)}
                unit={unit}
              />
            </>
          )
        }
      </Await>
    </>
  );
}
