// The door to the operator's pages: whoever is no operator is told so; the server refuses them as well.
import { Outlet } from "@tanstack/react-router";
import { Forbidden } from "~/page/system/Forbidden";
import { useMe } from "~/session/me";

export function Frame() {
  const me = useMe();
  return me?.is_operator ? <Outlet /> : <Forbidden />;
}
