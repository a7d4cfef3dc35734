// The door to the operator's pages.
import { Outlet } from "@tanstack/react-router";

export function Frame() {
  return <Outlet />;
}
