import { Outlet } from "@tanstack/react-router";

export function Instance() {
  return <Outlet />;
}
