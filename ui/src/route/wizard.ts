// Making a new agent. Where one is stands in the address: a step, or the agent that is being made.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { app } from "./root";

const STEPS = ["name", "model", "channel", "review"] as const;

interface Place {
  step?: (typeof STEPS)[number];
  /** Address of the agent that was made. */
  agent?: string;
  /** The change that makes it. */
  operation?: string;
}

const word = (value: unknown) => (typeof value === "string" && /^[\w-]{1,80}$/.test(value) ? value : undefined);

export const wizardRoute = createRoute({
  getParentRoute: () => app,
  path: "/new",
  validateSearch: (search): Place => ({
    step: STEPS.find((step) => step === search.step),
    agent: word(search.agent),
    operation: word(search.operation),
  }),
  component: lazyRouteComponent(() => import("~/page/wizard/Wizard"), "Wizard"),
});
