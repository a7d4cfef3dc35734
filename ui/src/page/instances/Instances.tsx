import { Page } from "~/pattern/Page";

export function Instances() {
  return <Page title="Instances" />;
}
