// What the agent used: the month and its limits, day by day, cause by cause, call by call.
import { getRouteApi } from "@tanstack/react-router";
import { Await } from "~/pattern/Loading";
import { useAgent, useUsage } from "./agent";
import { Calls } from "./calls/Calls";
import { Limits } from "./limits/Limits";
import { History } from "./usage/History";
import { Month } from "./usage/Month";
import { Nothing } from "./usage/Nothing";
import { Outline } from "./usage/Outline";
import { daysOf, FIRST_RANGE } from "./usage/range";

/** Limits are looked at while they are spent. */
const EVERY_MS = 5_000;

const route = getRouteApi("/app/instances/$slug/usage");

export function Usage() {
  const agent = useAgent();
  const { days: range = FIRST_RANGE } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useUsage(agent.slug, range, EVERY_MS);
  const file = `/api/v1/instances/${encodeURIComponent(agent.slug)}/usage/export`;
  return (
    <>
      <Await query={query} skeleton={<Outline />}>
        {(data) => (
          <>
            <Month month={{ ...data.month, tokens: data.month.total }} forecast={data.forecast} limits={data.limits} />
            <Limits agent={agent} limits={data.limits} />
            {data.by_day.length === 0 && range === FIRST_RANGE ? (
              <Nothing />
            ) : (
              <History
                byDayCause={data.by_day_cause}
                byDayModel={data.by_day_model}
                byCause={data.by_cause}
                byModel={data.by_model.map((row) => ({ ...row, tokens: row.total }))}
                range={range}
                onRange={(to) => void navigate({ search: daysOf(to), replace: true, resetScroll: false })}
                file={file}
              />
            )}
          </>
        )}
      </Await>
      <Calls slug={agent.slug} />
    </>
  );
}
