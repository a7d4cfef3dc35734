// The API reference.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "./root";

export const referenceRoute = createRoute({
  getParentRoute: () => app,
  path: "/reference",
  component: lazyRouteComponent(() => import("~/page/reference/Reference"), "Reference"),
});
