import { Page } from "~/pattern/Page";

export function Audit() {
  return <Page title="Audit" />;
}
