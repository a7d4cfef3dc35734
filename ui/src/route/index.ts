// The map of the console. Each area adds its own pages; here they are only joined.
import { createRouter } from "@tanstack/react-router";
import { Missing } from "~/page/system/Missing";
import { Pending } from "~/page/system/Pending";
import { Trouble } from "~/page/system/Trouble";
import { accountRoutes } from "./account";
import { instanceRoutes } from "./instance";
import { operatorRoute } from "./operator";
import { publicRoutes } from "./public";
import { referenceRoute } from "./reference";
import { app, root } from "./root";
import { wizardRoute } from "./wizard";

const tree = root.addChildren([
  ...publicRoutes,
  app.addChildren([...instanceRoutes, wizardRoute, ...accountRoutes, referenceRoute, operatorRoute]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  defaultPendingMs: 150,
  defaultPendingMinMs: 0,
  scrollRestoration: true,
  defaultNotFoundComponent: Missing,
  defaultErrorComponent: Trouble,
  defaultPendingComponent: Pending,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
