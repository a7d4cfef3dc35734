// What goes on and who is here, each a door to its page.
import { Link, type LinkProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import classes from "./Overview.module.css";
import type { Overview } from "./overview";

export function Work({ overview }: { overview: Overview }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.tiles}>
      <Tile
        label={t("overview.operations_running")}
        value={overview.operations_running}
        link={{ to: "/operator/operations", search: { status: "running" } }}
      />
      <Tile
        label={t("overview.operations_failed")}
        value={overview.operations_failed_24h}
        tone={overview.operations_failed_24h > 0 ? "bad" : undefined}
        link={{ to: "/operator/operations", search: { status: "failed" } }}
      />
      <Tile label={t("overview.tenants")} value={overview.tenants} link={{ to: "/operator/tenants" }} />
      <Tile label={t("overview.people")} value={overview.users} link={{ to: "/operator/users" }} />
    </div>
  );
}

function Tile({ label, value, tone, link }: { label: string; value: number; tone?: "bad"; link: LinkProps }) {
  return (
    <Link {...link} className={classes.tile}>
      <span className={classes.tileLabel}>{label}</span>
      <span className={`${classes.value} figures`} data-tone={tone}>
        {whole(value)}
      </span>
    </Link>
  );
}
