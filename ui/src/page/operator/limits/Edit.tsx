// Setting a limit: for whom, how much of what, in which stretch. What that means stands below while one types.
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { LimitFields } from "~/feature/limit/LimitFields";
import { freeKind, type Limit, readAmount, readLimit, sameKind, type Typed, typedOf } from "~/feature/limit/read";
import { useLimitWords } from "~/feature/limit/words";
import { Failure } from "~/pattern/Failure";
import { useSubmit } from "~/pattern/form";
import { Notice } from "~/pattern/Notice";
import { Time } from "~/pattern/Time";
import { type Kind, limitsQuery, type OperatorLimit, useChange, withLimit } from "./limits";
import { KeyPick, TenantPick } from "./Who";

export interface Scope {
  /** `ten_…` or `key_…`. */
  id: string;
  name: string;
}

interface Props {
  kind: Kind;
  /** For whom, if that is settled. */
  scope?: Scope;
  /** The one that is changed. */
  limit?: OperatorLimit;
  onClose: () => void;
}

interface Form extends Record<string, unknown> {
  scope: string;
  limit: Typed;
}

export function Edit({ kind, scope, limit, onClose }: Props) {
  const { t } = useTranslation(["operator", "common"]);
  const of = scope && { name: scope.name };
  const title = of ? t(limit ? "limits.edit" : "limits.add_for", of) : t(`limits.${kind}.add`);
  return (
    <Modal
      opened
      onClose={onClose}
      title={<span className="foreign">{title}</span>}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <Ask kind={kind} scope={scope} limit={limit} onClose={onClose} />
    </Modal>
  );
}

function Ask({ kind, scope, limit, onClose }: Props) {
  const { t } = useTranslation(["operator", "common"]);
  const words = useLimitWords();
  const change = useChange();
  const all = useQuery(limitsQuery).data ?? [];
  const of = (id: string) => all.filter((one) => one.scope === id);
  const start: Typed = limit ? typedOf(limit) : { ...freeKind(of(scope?.id ?? "")), amount: "" };
  const form = useForm<Form>({
    initialValues: { scope: scope?.id ?? "", limit: start },
    validate: {
      scope: (id) => (id ? null : t(`limits.${kind}.choose`)),
      limit: (typed) => {
        const amount = readAmount(typed);
        return typeof amount === "number" ? null : words.wrong(typed.unit, amount);
      },
    },
  });
  const { submit, busy, error } = useSubmit(form, {
    send: ({ scope: id, limit: typed }) => {
      const wanted = readLimit(typed);
      // The form does not let anything else through.
      if (!wanted) throw new Error("no amount");
      return change.mutateAsync({ scope: id, edit: (limits) => withLimit(limits, wanted, limit) });
    },
    fields: { limits: "limit" },
    onDone: () => {
      notifications.show({ message: t("limits.saved") });
      onClose();
    },
  });
  const typed = form.values.limit;
  const there = of(form.values.scope).find((one) => sameKind(one, typed));
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {!scope && kind === "tenant" && <TenantPick {...form.getInputProps("scope")} value={form.values.scope} />}
        {!scope && kind === "key" && <KeyPick {...form.getInputProps("scope")} value={form.values.scope} />}
        <LimitFields {...form.getInputProps("limit")} value={typed} autoFocus={scope !== undefined} />
        <Standing there={there} wanted={readLimit(typed)} edited={limit} />
        {error && <Failure error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button type="submit" loading={busy}>
            {t("limits.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What is there already: another limit of this kind, or more spent than this one allows. */
function Standing({ there, wanted, edited }: { there?: OperatorLimit; wanted?: Limit; edited?: OperatorLimit }) {
  const { t } = useTranslation("operator");
  const words = useLimitWords();
  if (!there) return null;
  const replaces = !edited || !sameKind(edited, there);
  const over = wanted && there.spent !== undefined && there.spent >= wanted.amount;
  return (
    <>
      {replaces && <Notice tone="quiet">{t("limits.replaces", { limit: words.limit(there) })}</Notice>}
      {over && (
        <Notice tone="warn">
          {t("limits.over", { amount: words.amount(there.unit, there.spent ?? 0) })} <Time at={there.renews_at} />
        </Notice>
      )}
    </>
  );
}
