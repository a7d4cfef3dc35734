// Which model thinks for the agent, how hard, and whose key pays for it.
import { useQuery } from "@tanstack/react-query";
import { providersQuery } from "~/feature/model/catalogue";
import { Lines } from "~/pattern/Loading";
import { Panel } from "~/pattern/Panel";
import { useAgent } from "./agent";
import { Current } from "./model/Current";
import { Keys } from "./model/Keys";
import { Thinking } from "./model/Thinking";
import { plansQuery } from "./settings/plans";

export function Model() {
  const agent = useAgent();
  const { data: providers } = useQuery(providersQuery);
  const { data: plans } = useQuery(plansQuery);
  const plan = plans?.find(({ id }) => id === agent.plan);
  if (!providers || !plan)
    return (
      <Panel>
        <Lines count={6} height={20} />
      </Panel>
    );
  return (
    <>
      <Current agent={agent} providers={providers} plan={plan} />
      <Thinking agent={agent} />
      <Keys agent={agent} providers={providers} plan={plan} />
    </>
  );
}
