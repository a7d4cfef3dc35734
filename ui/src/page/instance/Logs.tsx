// The agent's log, live. Its text is foreign: it is cleaned before it is kept, and only ever shown as text.
import { IconFileText, IconPlugX } from "@tabler/icons-react";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { whole } from "~/format/number";
import { Empty } from "~/pattern/Empty";
import { Panel } from "~/pattern/Panel";
import { useAgent } from "./agent";
import { Fix } from "./frame/Fix";
import { Bar, type Source } from "./logs/Bar";
import { asText, shown } from "./logs/buffer";
import { type Link, useLog } from "./logs/follow";
import { Lines } from "./logs/Lines";
import classes from "./logs/Logs.module.css";

export function Logs() {
  const agent = useAgent();
  const { buffer, link, pause, resume } = useLog(agent.slug);
  const [search, setSearch] = useState("");
  const [source, setSource] = useState<Source>("all");
  const searched = useDeferredValue(search.trim());
  const lines = useMemo(
    () => shown(buffer.lines, searched, source === "all" ? undefined : source),
    [buffer.lines, searched, source],
  );
  if (buffer.next === 0 && (link === "not_started" || link === "away")) return <Nothing link={link} />;
  return (
    <>
      <Bar
        search={search}
        onSearch={setSearch}
        source={source}
        onSource={setSource}
        paused={buffer.paused}
        waiting={buffer.waiting.length}
        onPause={pause}
        onResume={resume}
        onDownload={() => download(`${agent.slug}.log`, asText(lines))}
        empty={lines.length === 0}
      />
      <div className={classes.frame}>
        <Status link={link} paused={buffer.paused} count={lines.length} searched={searched !== ""} />
        <Lines lines={lines} search={searched} />
      </div>
    </>
  );
}

function Status({ link, paused, count, searched }: { link: Link; paused: boolean; count: number; searched: boolean }) {
  const { t } = useTranslation("instance");
  const state = paused ? "paused" : link;
  const tone = state === "live" ? "good" : state === "connecting" || state === "paused" ? "quiet" : "warn";
  return (
    <div className={classes.status}>
      <span className={classes.dot} data-tone={tone} aria-hidden />
      <span role="status">{t(`logs.link.${state}`)}</span>
      <span className={`${classes.amount} figures`}>
        {t(searched ? "logs.found" : "logs.count", { count, amount: whole(count) })}
      </span>
    </div>
  );
}

function Nothing({ link }: { link: "not_started" | "away" }) {
  const { t } = useTranslation("instance");
  const agent = useAgent();
  return (
    <Panel>
      <Empty
        icon={link === "away" ? IconPlugX : IconFileText}
        title={t(`logs.nothing.${link}`)}
        action={
          link === "not_started" && agent.desired === "stopped" && <Fix agent={agent} fix="start" variant="filled" />
        }
      >
        {t(`logs.nothing.${link}_words`)}
      </Empty>
    </Panel>
  );
}

/** Gives the browser a text to save. */
function download(name: string, text: string) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
