// Pages for everybody.
import { createRoute, redirect } from "@tanstack/react-router";
import { queries } from "~/api/query";
import { meQuery } from "~/session/me";
import { ownPath } from "~/session/own_path";
import { lazyRouteComponent } from "./lazy";
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
  beforeLoad: skipIfSignedIn,
  component: lazyRouteComponent(() => import("~/page/public/Login"), "Login"),
});

const signup = createRoute({
  getParentRoute: () => root,
  path: "/signup",
  beforeLoad: skipIfSignedIn,
  component: lazyRouteComponent(() => import("~/page/public/SignUp"), "SignUp"),
});

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  beforeLoad: skipIfSignedIn,
  component: lazyRouteComponent(() => import("~/page/public/Setup"), "Setup"),
});

export const publicRoutes = [landing, login, signup, setup];

/** A form must not wait longer for this than a person would, milliseconds. */
const PATIENCE_MS = 1_500;

async function skipIfSignedIn() {
  const asked = queries.fetchQuery({ ...meQuery, retry: false }).then(
    () => true,
    () => false,
  );
  const late = new Promise<false>((resolve) => setTimeout(resolve, PATIENCE_MS, false));
  if (await Promise.race([asked, late])) throw redirect({ to: "/instances" });
}
