// A notification as a sentence, and where it leads.
import type { LinkProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Notification } from "~/api/types";
import { useLimitWords } from "~/feature/limit/words";
import { dateTime, longDay } from "~/format/time";
import type { Tone } from "~/pattern/state";

/** A name inside a sentence: its direction must not turn the sentence around. */
const isolated = (name: string) => `\u2068${name}\u2069`;

type Reached = Notification & { kind: "budget_50" | "budget_80" | "budget_100" } & Required<
    Pick<Notification, "budget">
  >;
const isReached = (item: Notification): item is Reached => item.kind.startsWith("budget_") && item.budget !== undefined;

export function useSentence(): (item: Notification) => string {
  const { t } = useTranslation("shell");
  const words = useLimitWords();
  return (item) => {
    const name = item.instance ? isolated(item.instance.name) : t("bell.some");
    if (item.kind === "operation_succeeded" || item.kind === "operation_failed") {
      const ended = item.kind === "operation_succeeded" ? "done" : "failed";
      return t(`bell.${ended}.${item.operation_kind ?? "reconfigure"}`, { name });
    }
    if (isReached(item)) {
      const limit = words.limit(item.budget);
      return item.budget.scope === "tenant"
        ? t(`bell.shared.${item.kind}`, { limit })
        : t(`bell.kind.${item.kind}`, { name, limit });
    }
    return t(`bell.kind.${item.kind}`, { name, limit: "" });
  };
}

/** The line below the sentence. Of a limit when it begins anew, in the reader's language; else what the server says. */
export function useDetail(): (item: Notification) => string | undefined {
  const { t } = useTranslation("shell");
  return ({ budget, message }) => {
    if (!budget) return message;
    const at = new Date(budget.renews_at);
    const when = budget.window === "month" ? longDay(at) : dateTime(at);
    return t(at.getTime() > Date.now() ? "bell.renews" : "bell.renewed", { when });
  };
}

type Place = Extract<LinkProps["to"], `/instances/$slug${string}`>;

const PLACES: Partial<Record<Notification["kind"], Place>> = {
  key_refused: "/instances/$slug/model",
  budget_50: "/instances/$slug/usage",
  budget_80: "/instances/$slug/usage",
  budget_100: "/instances/$slug/usage",
};

/** Limits of all agents together have their page; what is gone leads nowhere. */
export function placeOf(item: Notification): { to: Place; params: { slug: string } } | { to: "/usage" } | undefined {
  if (item.budget?.scope === "tenant") return { to: "/usage" };
  const gone = item.kind === "operation_succeeded" && item.operation_kind === "delete";
  if (!item.instance || gone) return undefined;
  return { to: PLACES[item.kind] ?? "/instances/$slug", params: { slug: item.instance.slug } };
}

export const TONES: Record<Notification["severity"], Tone> = {
  info: "quiet",
  success: "good",
  warning: "warn",
  error: "bad",
};
