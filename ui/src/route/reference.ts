// The API reference.
import { createRoute } from "@tanstack/react-router";
import { lazyRouteComponent } from "./lazy";
import { app } from "./root";

export const referenceRoute = createRoute({
  getParentRoute: () => app,
  path: "/reference",
  component: lazyRouteComponent(() => import("~/page/reference/Reference"), "Reference"),
});
