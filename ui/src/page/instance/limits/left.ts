// What is left of limits, compared: which stops first, which the month would pass, what may be set at all. Pure.
import type { Forecast, LimitView } from "~/api/types";
import { type Limit, sameKind, UNITS, WINDOWS } from "~/feature/limit/read";

/** 0–1 and beyond; nothing for a minute, which is not counted here. */
export const part = ({ spent, amount }: LimitView): number | undefined =>
  spent === undefined ? undefined : spent / Math.max(1, amount);

/** The limit that is nearest to its end; of several unused ones the first. */
export function tightest(limits: LimitView[]): LimitView | undefined {
  return inOrder(limits).reduce<LimitView | undefined>((near, one) => {
    const share = part(one);
    return share === undefined || (near && (part(near) ?? 0) >= share) ? near : one;
  }, undefined);
}

const SCOPES: LimitView["scope"][] = ["instance", "tenant", "platform_key"];

/** The agent's own before those of all, longer stretches before shorter ones: the same at every look. */
export function inOrder(limits: LimitView[]): LimitView[] {
  const rank = ({ scope, window, unit }: LimitView) => [
    SCOPES.indexOf(scope),
    -WINDOWS.indexOf(window),
    UNITS.indexOf(unit),
  ];
  return limits.toSorted((a, b) => {
    const [left, right] = [rank(a), rank(b)];
    return left.reduce((order, one, at) => order || one - (right[at] ?? 0), 0) || a.amount - b.amount;
  });
}

/** The monthly limit that the forecast passes, the tightest of them. */
export function reachedBefore(limits: LimitView[], forecast: Pick<Forecast, "tokens" | "cost_nano_usd">) {
  const ahead = (limit: LimitView) => {
    if (limit.window !== "month" || limit.unit === "calls") return 0;
    return (limit.unit === "tokens" ? forecast.tokens : forecast.cost_nano_usd) / Math.max(1, limit.amount);
  };
  return limits.filter((limit) => ahead(limit) > 1).toSorted((a, b) => ahead(b) - ahead(a))[0];
}

/** The limits that the owner set and may change. */
export const own = (limits: LimitView[]): LimitView[] => inOrder(limits.filter(({ source }) => source === "owner"));

/** What plan and operator allow at most; nobody else may change these. */
export const given = (limits: LimitView[]): LimitView[] => inOrder(limits.filter(({ source }) => source !== "owner"));

/** The given limit that a wanted one is wider than. */
export const narrower = (limits: LimitView[], wanted: Limit): LimitView | undefined =>
  given(limits)
    .filter((one) => sameKind(one, wanted) && one.amount < wanted.amount)
    .toSorted((a, b) => a.amount - b.amount)[0];

export const plain = ({ unit, window, amount }: LimitView): Limit => ({ unit, window, amount });
