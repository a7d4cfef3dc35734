// The wizard's steps, in order, and what each of them is given.
import type { ApiError } from "~/api/error";
import type { Draft, Plan, Provider } from "~/api/types";
import type { Answers, DraftHandle } from "./draft/useDraft";

export type StepName = Draft["step"];

export const STEPS = ["name", "model", "channel", "review"] as const satisfies StepName[];

/** What there is to choose from, and what there is already. */
export interface Shop {
  plans: Plan[];
  providers: Provider[];
  /** Addresses of the agents that exist. */
  taken: string[];
}

export interface StepProps {
  answers: DraftHandle;
  shop: Shop;
  plan: Plan;
  /** A refusal that belongs to a field of this step. */
  refusal?: ApiError;
  /** Came here from another step: the heading takes the focus. */
  focused: boolean;
  go: (step: StepName) => void;
  next: () => void;
}

export const after = (step: StepName): StepName => STEPS[STEPS.indexOf(step) + 1] ?? "review";
export const before = (step: StepName): StepName | undefined => STEPS[STEPS.indexOf(step) - 1];

/** Where a field that the server complains about can be changed. */
export function stepOf(field: string | undefined): StepName | undefined {
  if (!field) return undefined;
  const first = field.split(".", 1)[0] ?? "";
  if (["name", "slug", "persona", "persona_template", "language"].includes(first)) return "name";
  if (["model", "provider_key", "provider_base_url", "key", "key_source", "thinking"].includes(first)) return "model";
  if (["telegram", "skip_channel"].includes(first)) return "channel";
  return first === "plan" ? "review" : undefined;
}

/** Whether a step's question has its answer, so that "continue" is true. */
export function isAnswered(step: StepName, draft: Answers, { providers }: Shop): boolean {
  if (step === "name") return Boolean(draft.name?.trim());
  if (step === "model") return Boolean(draft.model) && hasKey(draft, providers);
  if (step === "channel") return Boolean(draft.telegram?.claimed_by);
  return false;
}

/** Whether somebody's key would pay for the chosen model. */
export function hasKey(draft: Answers, providers: Provider[]): boolean {
  const provider = providers.find(({ id }) => id === draft.model?.split("/", 1)[0]);
  if (!provider) return false;
  if (provider.key === null || provider.key === undefined) return true;
  const own = draft.key?.provider === provider.id;
  return draft.key_source === "own" || !provider.platform_key ? own : true;
}
