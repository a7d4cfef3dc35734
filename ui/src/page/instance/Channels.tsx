// Where people reach the agent: the connected bot, or the way to one.
import { Announced } from "~/feature/telegram/Announced";
import { Panel } from "~/pattern/Panel";
import { useAgent } from "./agent";
import { Connected } from "./channels/Connected";
import { ConnectTelegram } from "./channels/ConnectTelegram";

export function Channels() {
  const agent = useAgent();
  return (
    <>
      {agent.telegram ? <Connected agent={agent} telegram={agent.telegram} /> : <ConnectTelegram agent={agent} />}
      <Panel>
        <Announced />
      </Panel>
    </>
  );
}
