// Actions and names of the log, in words. What a newer server writes is shown as it writes it.
import i18next from "i18next";
import { useTranslation } from "react-i18next";

export const ACTIONS = [
  "account.create",
  "account.email",
  "account.password",
  "audit.export",
  "channel.telegram.connect",
  "channel.telegram.disconnect",
  "draft.key.delete",
  "draft.key.put",
  "instance.change",
  "instance.create",
  "instance.delete",
  "instance.gone",
  "instance.restart",
  "instance.start",
  "instance.stop",
  "invoice.reconcile",
  "limits.put",
  "model_calls.resume",
  "operator.limits.put",
  "plan.put",
  "price.create",
  "price.delete",
  "secret.delete",
  "secret.put",
  "secret.test",
  "session.create",
  "session.end",
  "session.end_all",
  "telegram.claim.create",
  "telegram.claim.delete",
  "telegram.claim.look",
  "token.create",
  "token.revoke",
  "user.disable",
  "user.enable",
] as const;

function known(key: string): string | undefined {
  return i18next.exists(key) ? String(i18next.t(key as never)) : undefined;
}

export function useAuditWords() {
  // So that a change of language is drawn.
  useTranslation("operator");
  return {
    action: (action: string) => known(`operator:audit.action.${action.replaceAll(".", "_")}`) ?? action,
    key: (name: string) => known(`operator:audit.key.${name.replaceAll(".", "_")}`) ?? name.replaceAll("_", " "),
  };
}
