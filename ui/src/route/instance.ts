// Agents: the list, one of them with its tabs, and what concerns all of a tenant's.
import { createRoute } from "@tanstack/react-router";
import { queries } from "~/api/query";
import { agentsQuery } from "~/page/instances/list/agents";
import { GROUPS, type Group, ORDERS, type Order } from "~/page/instances/list/filter";
import { lazyRouteComponent } from "./lazy";
import { app } from "./root";

interface ListSearch {
  state?: Group;
  sort?: Order;
  down?: boolean;
}

const list = createRoute({
  getParentRoute: () => app,
  path: "/instances",
  validateSearch: ({ state, sort, down }): ListSearch => ({
    state: GROUPS.find((known) => known === state),
    sort: ORDERS.find((known) => known === sort),
    down: typeof down === "boolean" ? down : undefined,
  }),
  // Asked for while the page's own code is still on its way; the page waits for it, not the change of page.
  loader: () => void queries.prefetchInfiniteQuery(agentsQuery),
  component: lazyRouteComponent(() => import("~/page/instances/Instances"), "Instances"),
});

const usage = createRoute({
  getParentRoute: () => app,
  path: "/usage",
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
