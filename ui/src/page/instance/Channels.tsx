import { Page } from "~/pattern/Page";

export function Channels() {
  return <Page title="Channels" />;
}
