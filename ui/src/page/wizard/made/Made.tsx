// An agent on its way: its set-up as it happens, then the first message. Everything here is asked anew after a reload, so it can be left and found again.
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { useOperation } from "~/api/operation";
import type { Instance, Operation } from "~/api/types";
import { Await } from "~/pattern/Loading";
import { Page } from "~/pattern/Page";
import { FirstMessage, ToAgent } from "./FirstMessage";
import classes from "./Made.module.css";
import { Fallen, Progress } from "./Progress";

/** While somebody waits for their first message, milliseconds. */
const EVERY_MS = 1_000;

interface Props {
  slug: string;
  operationId: string | undefined;
}

export function Made({ slug, operationId }: Props) {
  const { t } = useTranslation("wizard");
  const query = useQuery({
    queryKey: keys.instance(slug),
    queryFn: () => body(api.GET("/api/v1/instances/{slug}", { params: { path: { slug } } })),
    refetchInterval: ({ state }) => (isAnswered(state.data) ? false : EVERY_MS),
    refetchIntervalInBackground: false,
  });
  const id = operationId ?? query.data?.operation?.id;
  const { data: operation, isPending } = useOperation(id);
  const known = query.data && !(id && isPending) ? query.data : undefined;
  const stage = known && stageOf(known, operation);
  const title = t(stage ? `made.${stage}` : "made.title", { name: query.data?.name ?? "" });

  return (
    <Page title={title} narrow focused back={{ to: "/instances", label: t("made.back") }}>
      <Await query={{ ...query, data: known }} skeleton={<Skeleton height={320} radius={12} />}>
        {(instance) => (
          <div className={classes.made}>
            {operation && stage !== "elsewhere" && <Progress instance={instance} operation={operation} />}
            {stage === "fallen" && <Fallen instance={instance} />}
            {stage === "ready" && <FirstMessage instance={instance} />}
            {stage === "elsewhere" && <ToAgent slug={slug} main />}
          </div>
        )}
      </Await>
    </Page>
  );
}

type Stage = "making" | "stuck" | "ready" | "fallen" | "elsewhere";

/** What there is to watch. Its set-up can have been overtaken: by a stop, say, from another page. */
function stageOf({ state }: Instance, operation: Operation | undefined): Stage {
  const over = !operation || operation.status === "succeeded" || operation.status === "superseded";
  if (operation?.status === "failed") return "stuck";
  if (!over) return "making";
  if (state === "error") return "fallen";
  if (state === "running") return "ready";
  // The set-up is done a moment before the agent is seen running.
  return operation?.status === "succeeded" && state !== "stopped" ? "ready" : "elsewhere";
}

export function isAnswered(instance: Instance | undefined): boolean {
  const telegram = instance?.telegram;
  return Boolean(telegram?.last_in_at && telegram.last_out_at && telegram.last_out_at >= telegram.last_in_at);
}
