// Agents: the list, one of them with its tabs, and what concerns all of a tenant's.
import { createRoute } from "@tanstack/react-router";
import { queries } from "~/api/query";
import { providersQuery } from "~/feature/model/catalogue";
import { FIRST_RANGE, type Range, rangeOf } from "~/page/instance/usage/range";
import { agentsQuery } from "~/page/instances/list/agents";
import { GROUPS, type Group, ORDERS, type Order } from "~/page/instances/list/filter";
import { tenantUsageQuery } from "~/page/instances/usage";
import { lazyRouteComponent } from "./lazy";
import { app } from "./root";
import { shortly } from "./shortly";

interface ListSearch {
  state?: Group;
  sort?: Order;
  down?: boolean;
}

/**
 * Where there is no answer of before, a click may seem to do nothing for this long. What has come by then is drawn at once and whole, all else
 * in outline first.
 */
const STILL_MS = 250;

const list = createRoute({
  getParentRoute: () => app,
  path: "/instances",
  validateSearch: ({ state, sort, down }): ListSearch => ({
    state: GROUPS.find((known) => known === state),
    sort: ORDERS.find((known) => known === sort),
    down: typeof down === "boolean" ? down : undefined,
  }),
  loader: () =>
    shortly(STILL_MS, queries.ensureInfiniteQueryData(agentsQuery), queries.ensureQueryData(providersQuery)),
  component: lazyRouteComponent(() => import("~/page/instances/Instances"), "Instances"),
});

/** How far back; absent for what is shown first. */
interface RangeSearch {
  days?: Range;
}
const range = ({ days }: Record<string, unknown>): RangeSearch => ({ days: rangeOf(days) });

const usage = createRoute({
  getParentRoute: () => app,
  path: "/usage",
  validateSearch: range,
  loaderDeps: ({ search }) => ({ days: search.days ?? FIRST_RANGE }),
  loader: ({ deps: { days } }) =>
    shortly(STILL_MS, queries.ensureQueryData(tenantUsageQuery(days)), queries.ensureQueryData(providersQuery)),
  component: lazyRouteComponent(() => import("~/page/instances/TenantUsage"), "TenantUsage"),
});

const activity = createRoute({
  getParentRoute: () => app,
  path: "/activity",
  component: lazyRouteComponent(() => import("~/page/instances/TenantActivity"), "TenantActivity"),
});

const one = createRoute({
  getParentRoute: () => app,
  path: "/instances/$slug",
  component: lazyRouteComponent(() => import("~/page/instance/Instance"), "Instance"),
});

const overview = createRoute({
  getParentRoute: () => one,
  path: "/",
  component: lazyRouteComponent(() => import("~/page/instance/Overview"), "Overview"),
});
const channels = createRoute({
  getParentRoute: () => one,
  path: "channels",
  component: lazyRouteComponent(() => import("~/page/instance/Channels"), "Channels"),
});
const model = createRoute({
  getParentRoute: () => one,
  path: "model",
  component: lazyRouteComponent(() => import("~/page/instance/Model"), "Model"),
});
const spent = createRoute({
  getParentRoute: () => one,
  path: "usage",
  validateSearch: range,
  component: lazyRouteComponent(() => import("~/page/instance/Usage"), "Usage"),
});
const logs = createRoute({
  getParentRoute: () => one,
  path: "logs",
  component: lazyRouteComponent(() => import("~/page/instance/Logs"), "Logs"),
});
const history = createRoute({
  getParentRoute: () => one,
  path: "activity",
  component: lazyRouteComponent(() => import("~/page/instance/Activity"), "Activity"),
});
const settings = createRoute({
  getParentRoute: () => one,
  path: "settings",
  component: lazyRouteComponent(() => import("~/page/instance/Settings"), "Settings"),
});

export const instanceRoutes = [
  list,
  usage,
  activity,
  one.addChildren([overview, channels, model, spent, logs, history, settings]),
];
