// Pages of platform staff.
import { createRoute } from "@tanstack/react-router";
import { lazyRouteComponent } from "./lazy";
import { app } from "./root";
import { day, oneOf, text, texts } from "./search";

type Search = Record<string, unknown>;
type Texts<N extends string> = { [K in N]?: string };

const KINDS = ["create", "start", "stop", "restart", "reconfigure", "delete"] as const;
const STATUSES = ["pending", "running", "succeeded", "failed", "superseded"] as const;
const ORIGINS = ["shipped", "operator"] as const;
const STATES = ["running", "starting", "creating", "stopping", "stopped", "error", "unknown", "deleting"] as const;

const operator = createRoute({
  getParentRoute: () => app,
  path: "/operator",
  component: lazyRouteComponent(() => import("~/page/operator/Frame"), "Frame"),
});

const overview = createRoute({
  getParentRoute: () => operator,
  path: "/",
  component: lazyRouteComponent(() => import("~/page/operator/Overview"), "Overview"),
});
const fleet = createRoute({
  getParentRoute: () => operator,
  path: "instances",
  validateSearch: (
    search: Search,
  ): Texts<"q" | "plan" | "release" | "tenant"> & { state?: (typeof STATES)[number] } => ({
    ...texts(["q", "plan", "release", "tenant"], search),
    state: oneOf(STATES, search.state),
  }),
  component: lazyRouteComponent(() => import("~/page/operator/Fleet"), "Fleet"),
});
const tenants = createRoute({
  getParentRoute: () => operator,
  path: "tenants",
  validateSearch: (search: Search): Texts<"q"> => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import("~/page/operator/Tenants"), "Tenants"),
});
const users = createRoute({
  getParentRoute: () => operator,
  path: "users",
  validateSearch: (search: Search): Texts<"q"> => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import("~/page/operator/Users"), "Users"),
});
const operations = createRoute({
  getParentRoute: () => operator,
  path: "operations",
  validateSearch: (search: Search): { status?: (typeof STATUSES)[number]; kind?: (typeof KINDS)[number] } => ({
    status: oneOf(STATUSES, search.status),
    kind: oneOf(KINDS, search.kind),
  }),
  component: lazyRouteComponent(() => import("~/page/operator/Operations"), "Operations"),
});
const releases = createRoute({
  getParentRoute: () => operator,
  path: "releases",
  component: lazyRouteComponent(() => import("~/page/operator/Releases"), "Releases"),
});
const plans = createRoute({
  getParentRoute: () => operator,
  path: "plans",
  component: lazyRouteComponent(() => import("~/page/operator/Plans"), "Plans"),
});
const spend = createRoute({
  getParentRoute: () => operator,
  path: "spend",
  validateSearch: (search: Search): Texts<"q"> => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import("~/page/operator/Spend"), "Spend"),
});
const prices = createRoute({
  getParentRoute: () => operator,
  path: "prices",
  validateSearch: (search: Search): Texts<"q" | "provider"> & { origin?: (typeof ORIGINS)[number] } => ({
    ...texts(["q", "provider"], search),
    origin: oneOf(ORIGINS, search.origin),
  }),
  component: lazyRouteComponent(() => import("~/page/operator/Prices"), "Prices"),
});
const upstreams = createRoute({
  getParentRoute: () => operator,
  path: "upstreams",
  component: lazyRouteComponent(() => import("~/page/operator/Upstreams"), "Upstreams"),
});
const invoice = createRoute({
  getParentRoute: () => operator,
  path: "invoice",
  component: lazyRouteComponent(() => import("~/page/operator/Invoice"), "Invoice"),
});
const audit = createRoute({
  getParentRoute: () => operator,
  path: "audit",
  validateSearch: (search: Search): Texts<"q" | "action" | "actor" | "target" | "from" | "to"> => ({
    ...texts(["q", "action", "actor", "target"], search),
    from: day(search.from),
    to: day(search.to),
  }),
  component: lazyRouteComponent(() => import("~/page/operator/Audit"), "Audit"),
});
const health = createRoute({
  getParentRoute: () => operator,
  path: "health",
  component: lazyRouteComponent(() => import("~/page/operator/Health"), "Health"),
});
const settings = createRoute({
  getParentRoute: () => operator,
  path: "settings",
  validateSearch: (search: Search): Texts<"q"> => ({ q: text(search.q) }),
  component: lazyRouteComponent(() => import("~/page/operator/Settings"), "Settings"),
});

export const operatorRoute = operator.addChildren([
  overview,
  fleet,
  tenants,
  users,
  operations,
  releases,
  plans,
  spend,
  prices,
  upstreams,
  invoice,
  audit,
  health,
  settings,
]);
