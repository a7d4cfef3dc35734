// Pages are fetched when they are asked for. The router would reload the window when that fails, and during an outage the reload would
// show the browser's own error page; so the failure goes to page/system/Updated, which waits until there is something to reload.
import { lazyRouteComponent as byRouter } from "@tanstack/react-router";
import { isGone, PageGone } from "./gone";

export const lazyRouteComponent: typeof byRouter = (importer, name) => byRouter(() => importer().catch(told), name);

function told(cause: unknown): never {
  throw isGone(cause) ? new PageGone("a page could not be loaded", { cause }) : cause;
}
