// The person's own pages.
import { createRoute } from "@tanstack/react-router";
import { lazyRouteComponent } from "./lazy";
import { app } from "./root";

const account = createRoute({
  getParentRoute: () => app,
  path: "/account",
  component: lazyRouteComponent(() => import("~/page/account/Account"), "Account"),
});

const tokens = createRoute({
  getParentRoute: () => app,
  path: "/account/tokens",
  component: lazyRouteComponent(() => import("~/page/account/Tokens"), "Tokens"),
});

export const accountRoutes = [account, tokens];
