import { Page } from "~/pattern/Page";

export function Logs() {
  return <Page title="Logs" />;
}
