// The two frames: bare pages for everybody, and the shell for whoever is signed in.
import { createRootRoute, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { ApiError } from "~/api/error";
import { queries } from "~/api/query";
import { meQuery } from "~/session/me";
import { Shell } from "~/shell/Shell";

export const root = createRootRoute({ component: Outlet });

export const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      await queries.ensureQueryData(meQuery);
    } catch (error) {
      // Only a path of our own is ever kept, so signing in cannot lead elsewhere.
      if (error instanceof ApiError && error.status === 401)
        throw redirect({ to: "/login", search: { next: location.pathname } });
      throw error;
    }
  },
});

/** For pages of platform staff; everybody else is told that the page is not theirs. */
export function isOperator(): boolean {
  return queries.getQueryData(meQuery.queryKey)?.is_operator ?? false;
}
