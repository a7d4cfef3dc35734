// A notification as a sentence, and where it leads.
import type { LinkProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Notification } from "~/api/types";
import type { Tone } from "~/pattern/state";

/** A name inside a sentence: its direction must not turn the sentence around. */
const isolated = (name: string) => `\u2068${name}\u2069`;

export function useSentence(): (item: Notification) => string {
  const { t } = useTranslation("shell");
  return (item) => {
    const name = item.instance ? isolated(item.instance.name) : t("bell.some");
    if (item.kind === "operation_succeeded" || item.kind === "operation_failed") {
      const ended = item.kind === "operation_succeeded" ? "done" : "failed";
      return t(`bell.${ended}.${item.operation_kind ?? "reconfigure"}`, { name });
    }
    return t(`bell.kind.${item.kind}`, { name });
  };
}

type Place = Extract<LinkProps["to"], `/instances/$slug${string}`>;

const PLACES: Partial<Record<Notification["kind"], Place>> = {
  key_refused: "/instances/$slug/model",
  budget_80: "/instances/$slug/usage",
  budget_100: "/instances/$slug/usage",
};

/** Nowhere for what is gone. */
export function placeOf(item: Notification): { to: Place; params: { slug: string } } | undefined {
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
