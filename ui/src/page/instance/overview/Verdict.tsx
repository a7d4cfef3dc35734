// "Why is my agent silent?", answered link by link, in the order a message travels.
import { IconCircleCheck, IconCircleDashed, IconCircleX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Instance } from "~/api/types";
import { Await, Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { useHealth } from "../agent";
import { Fix } from "../frame/Fix";
import { type Check, checks } from "./checks";
import classes from "./Overview.module.css";

const ICONS = { good: IconCircleCheck, bad: IconCircleX, unknown: IconCircleDashed } as const;
const TONES = { good: "good", bad: "bad", unknown: "quiet" } as const;

export function Verdict({ agent }: { agent: Instance }) {
  const { t } = useTranslation("instance");
  const health = useHealth(agent.slug);
  const found = health.data ? checks(agent, health.data) : [];
  const silent = found.some(({ status }) => status === "bad");
  const lead = health.data && !silent ? t(health.data.healthy ? "verdict.well" : "verdict.soon") : undefined;
  return (
    <Panel title={silent ? t("verdict.silent") : t("verdict.title")} lead={lead}>
      <Await query={health} skeleton={<Lines count={4} height={20} />}>
        {() => (
          <ul className={classes.checks} data-well={!silent || undefined}>
            {found.map((check) => (
              <Line key={check.link} agent={agent} check={check} />
            ))}
          </ul>
        )}
      </Await>
    </Panel>
  );
}

function Line({ agent, check }: { agent: Instance; check: Check }) {
  const Shape = ICONS[check.status];
  // Switched off is what somebody wanted, not a fault.
  const tone = agent.state === "stopped" && check.link === "on" ? "quiet" : TONES[check.status];
  return (
    <li className={classes.check} data-tone={tone}>
      <Shape size={18} stroke={2} aria-hidden />
      <div className={`${classes.checkWords} foreign`}>
        <Words check={check} state={agent.state} />
      </div>
      {check.fix && check.status === "bad" && <Fix agent={agent} fix={check.fix} />}
    </li>
  );
}

function Words({ check, state }: { check: Check; state: Instance["state"] }) {
  const { t } = useTranslation("instance");
  if (check.finding)
    return (
      <>
        <p>{t(`finding.${check.finding}.what`)}</p>
        <p className={classes.soft}>{t(`finding.${check.finding}.remedy`)}</p>
      </>
    );
  if (check.cause)
    return (
      <>
        <p>{t(`cause.${check.cause}.what`)}</p>
        <p className={classes.soft}>{t(`cause.${check.cause}.remedy`)}</p>
      </>
    );
  if (check.status === "good") return <p>{t(`verdict.good.${check.link}`)}</p>;
  return <p>{state === "error" && check.words ? check.words : t(`verdict.state.${state}`)}</p>;
}
