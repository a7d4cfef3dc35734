// Where one can go. Links only; which of them exist depends on who is signed in.
import {
  IconActivity,
  IconApi,
  IconBook2,
  IconBuilding,
  IconChartBar,
  IconCoin,
  IconCreditCard,
  IconGauge,
  IconHeartbeat,
  IconListCheck,
  IconPackage,
  IconPlugConnected,
  IconReceipt,
  IconRobot,
  IconServer,
  IconSettings,
  IconShieldCheck,
  IconTags,
  IconUserCircle,
  IconUsers,
} from "@tabler/icons-react";
import { Link, type LinkProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Icon } from "~/pattern/state";
import { useMe } from "~/session/me";
import classes from "./Navigation.module.css";

interface Place {
  to: LinkProps["to"];
  key:
    | "instances"
    | "usage"
    | "activity"
    | "account"
    | "tokens"
    | "reference"
    | "overview"
    | "fleet"
    | "tenants"
    | "users"
    | "operations"
    | "releases"
    | "plans"
    | "audit"
    | "health"
    | "settings"
    | "spend"
    | "prices"
    | "upstreams"
    | "invoice";
  icon: Icon;
  /** Only this very page, not what lies below it. */
  exact?: boolean;
}

export const OWN: Place[] = [
  { to: "/instances", key: "instances", icon: IconRobot },
  { to: "/usage", key: "usage", icon: IconChartBar },
  { to: "/activity", key: "activity", icon: IconActivity },
];

export const SELF: Place[] = [
  { to: "/account", key: "account", icon: IconUserCircle, exact: true },
  { to: "/account/tokens", key: "tokens", icon: IconApi },
  { to: "/reference", key: "reference", icon: IconBook2 },
];

export const OPERATOR: Place[] = [
  { to: "/operator", key: "overview", icon: IconGauge, exact: true },
  { to: "/operator/instances", key: "fleet", icon: IconServer },
  { to: "/operator/tenants", key: "tenants", icon: IconBuilding },
  { to: "/operator/users", key: "users", icon: IconUsers },
  { to: "/operator/operations", key: "operations", icon: IconListCheck },
  { to: "/operator/releases", key: "releases", icon: IconPackage },
  { to: "/operator/plans", key: "plans", icon: IconCreditCard },
  { to: "/operator/audit", key: "audit", icon: IconShieldCheck },
  { to: "/operator/health", key: "health", icon: IconHeartbeat },
  { to: "/operator/settings", key: "settings", icon: IconSettings },
];

/** What model calls cost, and those who sell them. */
export const MONEY: Place[] = [
  { to: "/operator/spend", key: "spend", icon: IconCoin },
  { to: "/operator/prices", key: "prices", icon: IconTags },
  { to: "/operator/upstreams", key: "upstreams", icon: IconPlugConnected },
  { to: "/operator/invoice", key: "invoice", icon: IconReceipt },
];

export function Navigation() {
  const { t } = useTranslation("shell");
  const me = useMe();
  return (
    <nav className={classes.nav} aria-label={t("nav.label")}>
      <Places places={OWN} />
      {me?.is_operator && (
        <>
          <Places places={OPERATOR} heading={t("nav.operator")} />
          <Places places={MONEY} heading={t("nav.money")} />
        </>
      )}
      <div className={classes.end}>
        <Places places={SELF} />
      </div>
    </nav>
  );
}

function Places({ places, heading }: { places: Place[]; heading?: string }) {
  const { t } = useTranslation("shell");
  return (
    <div className={classes.group}>
      {heading && <p className={classes.heading}>{heading}</p>}
      {places.map(({ to, key, icon: Shape, exact }) => (
        <Link
          key={key}
          to={to}
          className={classes.link}
          activeOptions={{ exact: exact ?? false }}
          activeProps={{ "data-active": true, "aria-current": "page" }}
        >
          <Shape size={18} stroke={1.7} aria-hidden />
          {t(`nav.${key}`)}
        </Link>
      ))}
    </div>
  );
}
