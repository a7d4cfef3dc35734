// What the agent uses right now. Quiet while it is off: there is nothing to measure, and that is no fault.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { bytes, percent } from "~/format/number";
import { Gauge } from "~/pattern/Gauge";
import { Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { Time } from "~/pattern/Time";
import { useStats } from "../agent";
import classes from "./Overview.module.css";

export function Resources({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const on = agent.state === "running";
  const { data, error } = useStats(agent.slug, on);
  if (!on) return <Quiet>{t("use.off")}</Quiet>;
  if (!data)
    return error ? <Quiet>{t("use.away")}</Quiet> : <Panel title={t("use.title")}>{<Lines count={4} />}</Panel>;
  return (
    <Panel title={t("use.title")}>
      <div className={classes.figures}>
        <Figure
          label={t("use.memory")}
          value={t("use.of", { part: bytes(data.memory_bytes), whole: bytes(data.memory_limit_bytes) })}
        >
          <Gauge part={data.memory_bytes} whole={data.memory_limit_bytes} label={t("use.memory")} />
        </Figure>
        <Figure label={t("use.cpu")} value={typeof data.cpu_percent !== "number" ? "–" : percent(data.cpu_percent)} />
        {data.started_at && <Figure label={t("use.since")} value={<Time at={data.started_at} />} />}
      </div>
    </Panel>
  );
}

function Quiet({ children }: { children: string }) {
  const { t } = useTranslation("instance");
  return (
    <Panel title={t("use.title")}>
      <p className={classes.soft}>{children}</p>
    </Panel>
  );
}

function Figure({ label, value, children }: { label: string; value: ReactNode; children?: ReactNode }) {
  return (
    <div className={classes.figure}>
      <div className={classes.figureLine}>
        <span className={classes.label}>{label}</span>
        <span className="figures">{value}</span>
      </div>
      {children}
    </div>
  );
}
