// Making a new agent.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "./root";

export const wizardRoute = createRoute({
  getParentRoute: () => app,
  path: "/new",
  component: lazyRouteComponent(() => import("~/page/wizard/Wizard"), "Wizard"),
});
