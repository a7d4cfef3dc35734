// A page that is still being fetched: the shape of one, so that nothing jumps when it is there.
import { Skeleton } from "@mantine/core";
import { useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useInside } from "~/shell/inside";
import classes from "./Pending.module.css";

const PUBLIC = new Set(["/", "/login", "/signup", "/setup"]);

export function Pending() {
  const inside = useInside();
  const path = useRouterState({ select: (state) => state.location.pathname });
  if (inside) return <Shape />;
  // Pages of one card or one picture have no shape worth drawing for so short a time.
  if (PUBLIC.has(path)) return <div className={classes.blank} aria-busy="true" />;
  return (
    <div className={classes.screen}>
      <div className={classes.bar} />
      <div className={classes.nav} />
      <main className={classes.main}>
        <Shape />
      </main>
    </div>
  );
}

function Shape() {
  const { t } = useTranslation("system");
  return (
    <div className={classes.page} role="status" aria-busy="true" aria-label={t("loading")}>
      <Skeleton height={30} width="min(260px, 60%)" radius={8} />
      <Skeleton height={16} width="min(420px, 85%)" radius={6} mt={-8} />
      {[0, 1].map((panel) => (
        <div key={panel} className={classes.panel}>
          <Skeleton height={16} width="30%" radius={6} />
          <Skeleton height={14} width="92%" radius={6} />
          <Skeleton height={14} width="78%" radius={6} />
          <Skeleton height={14} width="64%" radius={6} />
        </div>
      ))}
    </div>
  );
}
