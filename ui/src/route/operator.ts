// Pages of platform staff.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "./root";

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
  component: lazyRouteComponent(() => import("~/page/operator/Fleet"), "Fleet"),
});
const tenants = createRoute({
  getParentRoute: () => operator,
  path: "tenants",
  component: lazyRouteComponent(() => import("~/page/operator/Tenants"), "Tenants"),
});
const users = createRoute({
  getParentRoute: () => operator,
  path: "users",
  component: lazyRouteComponent(() => import("~/page/operator/Users"), "Users"),
});
const operations = createRoute({
  getParentRoute: () => operator,
  path: "operations",
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
const audit = createRoute({
  getParentRoute: () => operator,
  path: "audit",
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
  audit,
  health,
  settings,
]);
