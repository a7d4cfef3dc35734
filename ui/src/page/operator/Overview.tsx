import { Page } from "~/pattern/Page";

export function Overview() {
  return <Page title="Overview" />;
}
