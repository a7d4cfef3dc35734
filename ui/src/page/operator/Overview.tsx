// The platform at a glance: is it well, is there room, what does it cost, what failed.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Await } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { Freshness } from "./list/Freshness";
import { Failures } from "./overview/Failures";
import { HostPanel } from "./overview/HostPanel";
import classes from "./overview/Overview.module.css";
import { EVERY_MS, overviewQuery } from "./overview/overview";
import { Spend } from "./overview/Spend";
import { States } from "./overview/States";
import { Summary } from "./overview/Summary";
import { Work } from "./overview/Work";

export function Overview() {
  const { t } = useTranslation("operator");
  const query = useQuery(overviewQuery);
  return (
    <Page title={t("overview.title")} actions={<Freshness at={query.dataUpdatedAt} every={EVERY_MS} />}>
      <Await query={query} skeleton={<Outline />}>
        {(overview) => (
          <div className={classes.overview}>
            <Summary />
            <Work overview={overview} />
            <div className={classes.pair}>
              <HostPanel host={overview.host} />
              <States overview={overview} />
            </div>
            <Spend overview={overview} />
            <Failures failures={overview.failures} />
          </div>
        )}
      </Await>
    </Page>
  );
}

function Outline() {
  return (
    <div className={classes.overview} aria-busy="true">
      <Skeleton height={48} radius={12} />
      <div className={classes.tiles}>
        {["a", "b", "c", "d"].map((tile) => (
          <Skeleton key={tile} height={82} radius={12} />
        ))}
      </div>
      <div className={classes.pair}>
        <Skeleton height={304} radius={12} />
        <Skeleton height={304} radius={12} />
      </div>
      <Skeleton height={344} radius={12} />
    </div>
  );
}
