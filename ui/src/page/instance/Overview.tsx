// One look at an agent: does it answer, what does it use, what has it spent, what happened last.
import { useAgent } from "./agent";
import { ChannelSummary } from "./overview/ChannelSummary";
import { Happened } from "./overview/Happened";
import { LastOperations } from "./overview/LastOperations";
import classes from "./overview/Overview.module.css";
import { Resources } from "./overview/Resources";
import { Spend } from "./overview/Spend";
import { Verdict } from "./overview/Verdict";

export function Overview() {
  const agent = useAgent();
  return (
    <>
      <Verdict agent={agent} />
      <div className={classes.grid}>
        <Spend agent={agent} />
        <ChannelSummary agent={agent} />
        <Resources agent={agent} />
      </div>
      <div className={classes.halves}>
        <LastOperations agent={agent} />
        <Happened agent={agent} />
      </div>
    </>
  );
}
