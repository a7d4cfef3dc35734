// What is happening now, in one sentence. Quiet when all is well; otherwise a notice with the way out.
import { Skeleton } from "@mantine/core";
import { useRouterState } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Health, Instance } from "~/api/types";
import { lastMessage } from "~/page/instances/list/filter";
import { Notice } from "~/pattern/Notice";
import { Time } from "~/pattern/Time";
import { useHealth } from "../agent";
import { Fix } from "./Fix";
import classes from "./Frame.module.css";
import { useNewest } from "./Progress";
import { type Situation, situation } from "./situation";

/** As the page's lead: one line that is always there, so that nothing below it jumps. */
export function NowLine({ agent }: { agent: Instance }) {
  const health = useHealth(agent.slug);
  if (agent.state === "running" && !health.data && !health.error)
    return <Skeleton component="span" display="inline-block" height={14} width={260} radius={6} />;
  return <Sentence agent={agent} now={situation(agent, health.data)} />;
}

/** The same as a notice: only when something must be done, and not where the page itself says so or is the place to do it. */
export function NowNotice({ agent }: { agent: Instance }) {
  const { data: health } = useHealth(agent.slug);
  const page = useRouterState({ select: ({ location }) => location.pathname.split("/")[3] ?? "" });
  const failed = useNewest(agent)?.status === "failed";
  const now = situation(agent, health);
  const remedy = useRemedy(now, health);
  const fix = "fix" in now ? now.fix : undefined;
  // What is paused has a notice of its own on every page.
  if (!fix || failed || agent.paused || now.kind === "stopped" || page === "" || page === fix) return null;
  return (
    <Notice tone={now.tone} action={<Fix agent={agent} fix={fix} />}>
      {remedy}
    </Notice>
  );
}

function useRemedy(now: Situation, health: Health | undefined): string {
  const { t } = useTranslation("instance");
  if (now.kind === "cause") return t(`cause.${now.cause}.remedy`);
  if (now.kind === "finding") return t(`finding.${now.finding}.remedy`);
  return health?.message ?? t("now.look");
}

export function Sentence({ agent, now }: { agent: Instance; now: Situation }) {
  const { t } = useTranslation("instance");
  switch (now.kind) {
    case "doing":
      return t(`now.doing.${now.what}`);
    case "cause":
      return t(`cause.${now.cause}.what`);
    case "finding":
      return t(`finding.${now.finding}.what`);
    case "words":
      return <span className="foreign">{now.words || t("now.look")}</span>;
    case "answering":
      return <Answering agent={agent} bot={now.bot} />;
    default:
      return t(`now.${now.kind}`);
  }
}

function Answering({ agent, bot }: { agent: Instance; bot?: string }) {
  const { t } = useTranslation("instance");
  const last = lastMessage(agent);
  return (
    <>
      <span className="foreign">{bot ? t("now.answering_as", { bot }) : t("now.answering")}</span>{" "}
      {last ? (
        <span className={classes.nowrap}>
          {t("now.last")} <Time at={last} />
        </span>
      ) : (
        t("now.never_written")
      )}
    </>
  );
}
