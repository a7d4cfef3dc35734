import { Page } from "~/pattern/Page";

export function Reference() {
  return <Page title="Reference" />;
}
