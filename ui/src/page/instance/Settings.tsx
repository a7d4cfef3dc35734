// Who the agent is, what it may use, and its end.
import { useAgent, useMayChange } from "./agent";
import { Danger } from "./settings/Danger";
import { Identity } from "./settings/Identity";
import { PlanChoice } from "./settings/PlanChoice";

export function Settings() {
  const agent = useAgent();
  const mayChange = useMayChange();
  return (
    <>
      <Identity agent={agent} readOnly={!mayChange} />
      <PlanChoice agent={agent} readOnly={!mayChange} />
      {mayChange && <Danger agent={agent} />}
    </>
  );
}
