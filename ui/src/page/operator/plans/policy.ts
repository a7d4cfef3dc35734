// A plan's rules of model calls, as the API has them and as fields of a form. Pure.
import type { Plan } from "~/api/types";
import {
  type Limit,
  readAmount,
  readLimit,
  sameKind,
  type Typed,
  typedOf,
  type Unit,
  type Wrong,
} from "~/feature/limit/read";

export type Policy = NonNullable<Plan["llm"]>;
export const RULES = [
  "limits",
  "tenant_limits",
  "concurrency",
  "fallback_models",
  "idle_heartbeat",
  "loop_after",
] as const satisfies (keyof Policy)[];
export type Rule = (typeof RULES)[number];

/** What becomes of heartbeats of an agent that nobody talks to: they go on, Creel answers them, or another model does. */
export const IDLE = ["on", "canned", "model"] as const;

export interface PolicyForm {
  limits: Typed[];
  tenant_limits: Typed[];
  concurrency: number | string;
  fallback_models: string[];
  idle: (typeof IDLE)[number];
  idle_hours: number | string;
  idle_model: string;
  loop: boolean;
  loop_after: number | string;
}

/** The API's names of these fields. */
export const POLICY_FIELDS = {
  "llm.limits": "limits",
  "llm.tenant_limits": "tenant_limits",
  "llm.concurrency": "concurrency",
  "llm.fallback_models": "fallback_models",
  "llm.idle_heartbeat.after_hours": "idle_hours",
  "llm.idle_heartbeat.model": "idle_model",
  "llm.loop_after": "loop_after",
};

const NONE: Policy = {
  limits: [],
  tenant_limits: [],
  concurrency: null,
  fallback_models: [],
  idle_heartbeat: null,
  loop_after: null,
};

/** A good beginning for a rule that is switched on. */
const DAYS_3 = 72;
const TURNS = 12;

const plain = ({ unit, window, amount }: Limit): Limit => ({ unit, window, amount });

/** The same policy always looks the same, so that two can be compared. */
export function policyOf(plan: Pick<Plan, "llm">): Policy {
  const policy = { ...NONE, ...plan.llm };
  const idle = policy.idle_heartbeat;
  return {
    limits: policy.limits.map(plain),
    tenant_limits: policy.tenant_limits.map(plain),
    concurrency: policy.concurrency ?? null,
    fallback_models: policy.fallback_models,
    idle_heartbeat: idle ? { after_hours: idle.after_hours, ...(idle.model && { model: idle.model }) } : null,
    loop_after: policy.loop_after ?? null,
  };
}

/** The rules that a plan has. */
export function heldRules(plan: Pick<Plan, "llm">): Rule[] {
  const policy = policyOf(plan);
  return RULES.filter((rule) => JSON.stringify(policy[rule]) !== JSON.stringify(NONE[rule]));
}

export function toPolicyForm(plan: Pick<Plan, "llm">): PolicyForm {
  const policy = policyOf(plan);
  const idle = policy.idle_heartbeat;
  return {
    limits: policy.limits.map(typedOf),
    tenant_limits: policy.tenant_limits.map(typedOf),
    concurrency: policy.concurrency ?? "",
    fallback_models: policy.fallback_models,
    idle: idle ? (idle.model ? "model" : "canned") : "on",
    idle_hours: idle?.after_hours ?? DAYS_3,
    idle_model: idle?.model ?? "",
    loop: policy.loop_after !== null,
    loop_after: policy.loop_after ?? TURNS,
  };
}

const readable = (lines: Typed[]): Limit[] => lines.map(readLimit).filter((limit) => limit !== undefined);

/** Without a single rule there is no policy. Lines that cannot be read are left out; `problems` tells of them. */
export function fromPolicyForm(form: PolicyForm): Policy | undefined {
  const model = form.idle_model.trim();
  const policy: Policy = {
    limits: readable(form.limits),
    tenant_limits: readable(form.tenant_limits),
    concurrency: form.concurrency === "" ? null : Math.round(Number(form.concurrency)),
    fallback_models: form.fallback_models.map((name) => name.trim()).filter(Boolean),
    idle_heartbeat:
      form.idle === "on"
        ? null
        : { after_hours: Math.round(Number(form.idle_hours)), ...(form.idle === "model" && { model }) },
    loop_after: form.loop ? Math.round(Number(form.loop_after)) : null,
  };
  return JSON.stringify(policy) === JSON.stringify(NONE) ? undefined : policy;
}

export interface Problem {
  /** Where in the form. */
  path: string;
  what: Wrong | "twice" | "model";
  /** What the line counts, if it is one of limits. */
  unit?: Unit;
}

/** What is wrong before the API is asked, in the form's order. */
export function problems(form: PolicyForm): Problem[] {
  const lines = (["limits", "tenant_limits"] as const).flatMap((list) =>
    form[list].flatMap((line, at): Problem[] => {
      const read = readAmount(line);
      const twice = form[list].slice(0, at).some((other) => sameKind(other, line));
      const what = typeof read === "string" ? read : twice ? "twice" : undefined;
      return what ? [{ path: `${list}.${at}`, what, unit: line.unit }] : [];
    }),
  );
  const nameless = form.idle === "model" && form.idle_model.trim() === "";
  return nameless ? [...lines, { path: "idle_model", what: "model" }] : lines;
}
