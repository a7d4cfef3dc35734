// How the model vendors are: each key that calls go to, its failures of the last minutes, and whether it is passed over.
import { Skeleton } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Badge } from "~/pattern/Badge";
import { Empty } from "~/pattern/Empty";
import { Await } from "~/pattern/Loading";
import { Notice } from "~/pattern/Notice";
import { Page } from "~/pattern/Page";
import { Panel } from "~/pattern/Panel";
import { Freshness } from "./list/Freshness";
import { KeyCard } from "./upstreams/KeyCard";
import classes from "./upstreams/Upstreams.module.css";
import { byOwner, EVERY_MS, LOOKS, type Upstream, upstreamsQuery, worst } from "./upstreams/upstreams";

export function Upstreams() {
  const { t } = useTranslation("operator");
  const query = useQuery(upstreamsQuery);
  const whole = query.data?.known && query.data.items.length > 0 ? worst(query.data.items) : undefined;
  return (
    <Page
      title={t("upstreams.title")}
      lead={t("upstreams.lead")}
      mark={whole && <Badge look={LOOKS[whole]}>{t(`upstreams.whole.${whole}`)}</Badge>}
      actions={<Freshness at={query.dataUpdatedAt} every={EVERY_MS} />}
    >
      <Await query={query} skeleton={<Outline />}>
        {({ items, known, reason }) => {
          if (!known)
            return (
              <Notice tone="quiet" title={t("upstreams.unknown")}>
                <p>{t("upstreams.unknown_words")}</p>
                {reason && <p>{reason}</p>}
              </Notice>
            );
          if (items.length === 0)
            return (
              <Panel>
                <Empty icon={IconPlugConnected} title={t("upstreams.empty")}>
                  {t("upstreams.empty_words")}
                </Empty>
              </Panel>
            );
          return <Keys items={items} />;
        }}
      </Await>
    </Page>
  );
}

function Keys({ items }: { items: Upstream[] }) {
  const { t } = useTranslation("operator");
  return (
    <>
      {byOwner(items).map(({ owner, keys }) => (
        <section key={owner} className={classes.group} aria-label={t(`upstreams.of.${owner}`)}>
          <h2 className={classes.heading}>{t(`upstreams.of.${owner}`)}</h2>
          <div className={classes.grid}>
            {keys.map(({ id, key }) => (
              <KeyCard key={id} upstream={key} />
            ))}
          </div>
        </section>
      ))}
    </>
  );
}

function Outline() {
  return (
    <div className={classes.grid} aria-busy="true">
      {["a", "b", "c"].map((card) => (
        <Skeleton key={card} height={168} radius={12} />
      ))}
    </div>
  );
}
