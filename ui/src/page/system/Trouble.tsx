import { Page } from "~/pattern/Page";

export function Trouble() {
  return <Page title="Trouble" />;
}
