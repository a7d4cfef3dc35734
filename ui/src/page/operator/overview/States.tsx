// Agents by state. Each line leads into the list of all agents, filtered.
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { State } from "~/api/types";
import { share, whole } from "~/format/number";
import { StateBadge } from "~/pattern/Badge";
import { Panel } from "~/pattern/Panel";
import { STATES } from "~/pattern/state";
import classes from "./Overview.module.css";
import type { Overview } from "./overview";

const ORDER = Object.keys(STATES) as State[];
const isState = (name: string): name is State => name in STATES;

export function States({ overview }: { overview: Overview }) {
  const { t } = useTranslation("operator");
  const counts = new Map(overview.instances.map(({ state, count }) => [state, count]));
  const all = overview.instances.reduce((sum, { count }) => sum + count, 0);
  const shown = ["running", "stopped", "error", ...ORDER]
    .filter((state, at, list) => list.indexOf(state) === at)
    .filter(isState)
    .filter((state) => (counts.get(state) ?? 0) > 0 || state === "running" || state === "error");
  return (
    <Panel title={t("overview.agents")} lead={t("overview.agents_all", { count: all, amount: whole(all) })}>
      <div className={classes.bar} aria-hidden>
        {shown.map((state) => (
          <span
            key={state}
            data-tone={STATES[state].tone}
            style={{ width: `${share(counts.get(state) ?? 0, all)}%` }}
          />
        ))}
      </div>
      <ul className={classes.states}>
        {shown.map((state) => (
          <li key={state}>
            <Link to="/operator/instances" search={{ state }} className={classes.state}>
              <StateBadge state={state} />
              <span className={`${classes.count} figures`}>{whole(counts.get(state) ?? 0)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
