// An audit entry as a sentence: who did what to what. An action without a sentence of its own is still readable.
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEntry, Me, Provider } from "~/api/types";
import { providersQuery } from "~/feature/model/catalogue";
import { useMe } from "~/session/me";

/** Actions with a sentence. The dots of their names are underscores in the catalogue. */
export const SAID = [
  "account.create",
  "account.email",
  "account.password",
  "channel.telegram.connect",
  "channel.telegram.disconnect",
  "instance.change",
  "instance.create",
  "instance.delete",
  "instance.gone",
  "instance.rename",
  "instance.restart",
  "instance.start",
  "instance.stop",
  "limits.put",
  "model_calls.resume",
  "plan.put",
  "secret.delete",
  "secret.put",
  "secret.test",
  "session.create",
  "session.end",
  "session.end_all",
  "telegram.claim.create",
  "token.create",
  "token.revoke",
  "user.disable",
  "user.enable",
] as const;
type Said = (typeof SAID)[number];
type Dotless<T extends string> = T extends `${infer A}.${infer B}` ? `${A}_${Dotless<B>}` : T;

export const keyOf = (action: Said): Dotless<Said> => action.replaceAll(".", "_") as Dotless<Said>;
export const isSaid = (action: string): action is Said => (SAID as readonly string[]).includes(action);

/** "bulk.dry_run" → "bulk dry run": what is left to say of an action we have never heard of. */
export const readable = (action: string): string => action.replace(/[._]+/g, " ").trim();

const text = (detail: AuditEntry["detail"], field: string): string | undefined => {
  const value: unknown = (detail as Record<string, unknown>)[field];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** The vendor a key is for, from the name it is kept under. */
export function vendorOf(providers: Provider[], secret: string | undefined): string {
  return providers.find(({ key }) => key?.secret_name === secret)?.name ?? secret ?? "";
}

interface Options {
  /** On an agent's own page it is not named again. */
  about?: "this";
}

export function useSentence(): (entry: AuditEntry, options?: Options) => string {
  const { t } = useTranslation("instance");
  const { data: providers = [] } = useQuery(providersQuery);
  const me = useMe();
  return useCallback(
    (entry, { about } = {}) => {
      const words = {
        who: who(entry, t("activity.creel"), t("activity.somebody")),
        what: about === "this" ? t("activity.this") : what(entry, t("activity.agent")),
        vendor: vendorOf(providers, text(entry.detail, "name")),
        name: text(entry.detail, "name") ?? "",
        bot: text(entry.detail, "username") ?? "Telegram",
      };
      if (!isSaid(entry.action)) return t("activity.other", { ...words, action: readable(entry.action) });
      return isMe(entry, me)
        ? t(`activity.you.${keyOf(entry.action)}`, words)
        : t(`activity.did.${keyOf(entry.action)}`, words);
    },
    [t, providers, me],
  );
}

const isMe = (entry: AuditEntry, me: Me | undefined) => me !== undefined && entry.actor === me.id;
const who = (entry: AuditEntry, system: string, somebody: string) =>
  entry.actor === "system" ? system : (entry.actor_name ?? somebody);
const what = (entry: AuditEntry, agent: string) =>
  entry.target_name ?? text(entry.detail, "name") ?? text(entry.detail, "slug") ?? agent;
