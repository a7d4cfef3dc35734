// Whether a plan has room for one more agent.
import type { Plan } from "~/api/types";

export const fits = (plan: Pick<Plan, "instances">, count: number): boolean => count < plan.instances;

/** The cheapest plan that takes more than `count` agents; `plans` are sorted by price. */
export const roomierThan = <P extends Pick<Plan, "instances">>(plans: P[], count: number): P | undefined =>
  plans.find((plan) => fits(plan, count));
