// How the parts Creel stands on are, and what to do about it.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Badge } from "~/pattern/Badge";
import { Await } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import classes from "./health/Health.module.css";
import { PartCard } from "./health/Part";
import { EVERY_MS, LOOKS, partsQuery, worst } from "./health/parts";
import { Freshness } from "./list/Freshness";

export function Health() {
  const { t } = useTranslation("operator");
  const query = useQuery(partsQuery);
  const whole = query.data && worst(query.data.items);
  return (
    <Page
      title={t("health.title")}
      lead={t("health.lead")}
      mark={whole && <Badge look={LOOKS[whole]}>{t(`health.whole.${whole}`)}</Badge>}
      actions={<Freshness at={query.dataUpdatedAt} every={EVERY_MS} />}
    >
      <Await query={query} skeleton={<Outline />}>
        {({ items }) => (
          <div className={classes.grid}>
            {items.map((part) => (
              <PartCard key={part.id} part={part} />
            ))}
          </div>
        )}
      </Await>
    </Page>
  );
}

function Outline() {
  return (
    <div className={classes.grid} aria-busy="true">
      {["a", "b", "c", "d", "e", "f"].map((part) => (
        <Skeleton key={part} height={230} radius={12} />
      ))}
    </div>
  );
}
