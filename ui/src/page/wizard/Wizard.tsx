// The way from nothing to an agent that answers: questions first, then watching it being made.
import { useSearch } from "@tanstack/react-router";
import { Asking } from "./Asking";
import { Made } from "./made/Made";

export function Wizard() {
  const { step, agent, operation } = useSearch({ from: "/app/new" });
  if (agent) return <Made slug={agent} operationId={operation} />;
  return <Asking wanted={step} />;
}
