import { Page } from "~/pattern/Page";

export function Pending() {
  return <Page title="Pending" />;
}
