// The operation that runs, or the one that failed last: live, foldable, and here again for whoever left.
import { Button, UnstyledButton } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconChevronDown, IconLoader2 } from "@tabler/icons-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isOver, useOperation } from "~/api/operation";
import type { Instance, Operation, OperationRef } from "~/api/types";
import { duration } from "~/format/number";
import { Notice } from "~/pattern/Notice";
import { Steps } from "~/pattern/Steps";
import { useNow } from "~/pattern/Time";
import { useMayChange, useOperations } from "../agent";
import { Fix } from "./Fix";
import classes from "./Frame.module.css";
import { fixOfCause } from "./situation";
import { useWish, type Wish } from "./wish";

/** A change that went well says so for this long, milliseconds. */
const DONE_MS = 6_000;
const LASTING_MS = 400;
/** Folded panels stay folded while the page is open, wherever the reader goes in between. */
const folded = new Set<string>();

export function Progress({ agent }: { agent: Instance }) {
  const { data: operation } = useOperation(useNewest(agent)?.id);
  const lasting = useLasting(operation);
  useDone(operation);
  if (!operation || operation.status === "superseded") return null;
  if (!isOver(operation)) return lasting ? <Live operation={operation} /> : null;
  if (operation.status === "failed") return <Failed agent={agent} operation={operation} />;
  return null;
}

/** The operation that counts: the running one, else the last that was not replaced by another. */
export function useNewest(agent: Instance): OperationRef | undefined {
  const { data } = useOperations(agent.slug);
  if (agent.operation && !isOver(agent.operation)) return agent.operation;
  return data?.items.find(({ status }) => status !== "superseded");
}

/** Says so when an operation that was seen running has ended well. */
function useDone(operation: Operation | undefined) {
  const { t } = useTranslation("instance");
  const seen = useRef<string>(undefined);
  useEffect(() => {
    if (!operation) return;
    if (!isOver(operation)) seen.current = operation.id;
    if (operation.status !== "succeeded" || seen.current !== operation.id) return;
    seen.current = undefined;
    const end = operation.finished_at ? new Date(operation.finished_at) : new Date();
    const words = t(`progress.done.${operation.kind}`, { duration: duration(since(operation.created_at, end)) });
    notifications.show({
      message: words,
      color: "green",
      icon: <IconCheck size={18} aria-hidden />,
      autoClose: DONE_MS,
    });
  }, [operation, t]);
}

/** Whether an operation has lasted long enough to be worth a panel: one that is over at once would only flicker. */
function useLasting(operation: Operation | undefined): boolean {
  const [lasting, setLasting] = useState<string>();
  const { id, created_at: created } = operation ?? {};
  useEffect(() => {
    if (!id || !created) return;
    const timer = setTimeout(() => setLasting(id), Math.max(0, LASTING_MS - since(created, new Date())));
    return () => clearTimeout(timer);
  }, [id, created]);
  return lasting !== undefined && lasting === id;
}

function Live({ operation }: { operation: Operation }) {
  const { t } = useTranslation(["instance", "common"]);
  const now = useNow(1_000);
  const done = operation.steps.filter(({ status }) => status === "succeeded").length;
  const step = operation.steps.find(({ status }) => status === "running");
  return (
    <Foldable
      id={operation.id}
      title={
        <>
          <IconLoader2 size={18} stroke={2} className={classes.turning} aria-hidden />
          <span className={classes.progressTitle}>{t(`doing.${operation.kind}`)}</span>
          <span className={`${classes.progressStep} truncate`}>{step && t(`common:step.${step.step}`)}</span>
          <span className={`${classes.progressTime} figures`}>
            {t("progress.count", { done, all: operation.steps.length })} · {duration(since(operation.created_at, now))}
          </span>
        </>
      }
    >
      <Steps operation={operation} />
      <p className={classes.hint}>{t("progress.leave")}</p>
    </Foldable>
  );
}

function Foldable({ id, title, children }: { id: string; title: ReactNode; children: ReactNode }) {
  const { t } = useTranslation("instance");
  const body = useId();
  const [open, setOpen] = useState(!folded.has(id));
  const toggle = () => {
    if (open) folded.add(id);
    else folded.delete(id);
    setOpen(!open);
  };
  return (
    <section className={classes.progress} aria-label={t("progress.label")}>
      <UnstyledButton className={classes.progressHead} onClick={toggle} aria-expanded={open} aria-controls={body}>
        {title}
        <IconChevronDown size={18} className={classes.chevron} aria-hidden />
      </UnstyledButton>
      <div id={body} className={classes.progressBody} hidden={!open}>
        {children}
      </div>
    </section>
  );
}

const RETRY: Record<Operation["kind"], Wish> = {
  create: "start",
  start: "start",
  stop: "stop",
  restart: "restart",
  reconfigure: "restart",
  delete: "delete",
};

function Failed({ agent, operation }: { agent: Instance; operation: Operation }) {
  const { t } = useTranslation(["instance", "common"]);
  const [open, setOpen] = useState(false);
  const { cause } = operation;
  return (
    <section aria-label={t("progress.label")}>
      <Notice
        tone="bad"
        title={t(`progress.failed.${operation.kind}`)}
        action={<Retry agent={agent} operation={operation} />}
      >
        <p>{cause ? `${t(`cause.${cause}.what`)} ${t(`cause.${cause}.remedy`)}` : operation.error}</p>
        <UnstyledButton className={classes.detail} aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "progress.hide" : "progress.show")}
        </UnstyledButton>
        {/* The cause stands above in the reader's language. */}
        {open && <Steps operation={{ ...operation, error: undefined }} />}
      </Notice>
    </section>
  );
}

function Retry({ agent, operation }: { agent: Instance; operation: Operation }) {
  const { t } = useTranslation(["instance", "common"]);
  const wish = useWish(agent.slug);
  const mayChange = useMayChange();
  const fix = fixOfCause(operation.cause);
  return (
    <span className={classes.retry}>
      {fix && fix !== "restart" && fix !== "start" && <Fix agent={agent} fix={fix} />}
      {mayChange && (
        <Button size="xs" loading={wish.isPending} onClick={() => wish.mutate(RETRY[operation.kind])}>
          {t("common:action.retry")}
        </Button>
      )}
    </span>
  );
}

const since = (start: string, end: Date) => Math.max(0, end.getTime() - new Date(start).getTime());
