import { Page } from "~/pattern/Page";

export function Activity() {
  return <Page title="Activity" />;
}
