// The machine: memory, processor, disk, each as a gauge with absolute figures, and what they mean for more agents.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, body } from "~/api/client";
import { keys } from "~/api/keys";
import { bytes, duration, whole } from "~/format/number";
import { Gauge } from "~/pattern/Gauge";
import { Panel } from "~/pattern/Panel";
import { room } from "./forecast";
import classes from "./Overview.module.css";
import type { Host } from "./overview";

/** More plans than this are not a sentence any more. */
const NAMED = 2;

export function HostPanel({ host }: { host: Host | null | undefined }) {
  const { t } = useTranslation("operator");
  const title = t("overview.host");
  if (!host) return <Panel title={title}>{<p className={classes.quiet}>{t("overview.no_host")}</p>}</Panel>;
  return (
    <Panel title={title} lead={t("overview.uptime", { duration: duration(host.uptime_seconds * 1000) })}>
      <div className={classes.gauges}>
        <Meter label={t("overview.memory")} part={host.memory_used_bytes} whole={host.memory_total_bytes}>
          <RoomWords host={host} />
        </Meter>
        <Processor host={host} />
        <Meter label={t("overview.disk")} part={host.disk_used_bytes} whole={host.disk_total_bytes}>
          {t("overview.free", { free: bytes(host.disk_total_bytes - host.disk_used_bytes) })}
        </Meter>
      </div>
    </Panel>
  );
}

function Meter({ label, part, whole, children }: { label: string; part: number; whole: number; children: ReactNode }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.meter}>
      <div className={classes.meterLine}>
        <span className={classes.meterLabel}>{label}</span>
        <span className="figures">{t("overview.of", { part: bytes(part), whole: bytes(whole) })}</span>
      </div>
      <Gauge part={part} whole={whole} label={label} />
      <p className={classes.quiet}>{children}</p>
    </div>
  );
}

function Processor({ host }: { host: Host }) {
  const { t } = useTranslation("operator");
  return (
    <div className={classes.meter}>
      <div className={classes.meterLine}>
        <span className={classes.meterLabel}>{t("overview.cpu")}</span>
        <span className="figures">{t("overview.cores", { count: host.cpus })}</span>
      </div>
      <Gauge part={host.cpu_percent} whole={100} label={t("overview.cpu")} />
      <p className={classes.quiet}>{t("overview.load", { load: whole(host.load_1) })}</p>
    </div>
  );
}

function RoomWords({ host }: { host: Host }) {
  const { t, i18n } = useTranslation("operator");
  const { data } = useQuery({ queryKey: keys.plans, queryFn: () => body(api.GET("/api/v1/plans")) });
  const free = t("overview.free", { free: bytes(Math.max(0, host.memory_total_bytes - host.memory_used_bytes)) });
  const rooms = room(host.memory_total_bytes, host.memory_used_bytes, data?.items ?? []).slice(0, NAMED);
  if (rooms.length === 0) return free;
  const each = rooms.map(({ agents, plan, memoryBytes }) =>
    t("overview.room_each", { count: agents, plan, memory: bytes(memoryBytes) }),
  );
  const list = new Intl.ListFormat(i18n.language, { type: "disjunction" }).format(each);
  return `${free} ${t("overview.room", { list })}`;
}
