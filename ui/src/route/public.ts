// Pages for everybody.
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { queries } from "~/api/query";
import { meQuery } from "~/session/me";
import { ownPath } from "~/session/own_path";
import { root } from "./root";

const landing = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("~/page/public/Landing"), "Landing"),
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search): { next?: string } => ({ next: ownPath(search.next) }),
  component: lazyRouteComponent(() => import("~/page/public/Login"), "Login"),
});

const signup = createRoute({
  getParentRoute: () => root,
  path: "/signup",
  component: lazyRouteComponent(() => import("~/page/public/SignUp"), "SignUp"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("~/page/public/Setup"), "Setup"),
});

export const publicRoutes = [landing, login, signup, setup];

export function skipIfSignedIn() {
  if (queries.getQueryData(meQuery.queryKey)) throw redirect({ to: "/instances" });
}
