import { Page } from "~/pattern/Page";

export function Account() {
  return <Page title="Account" />;
}
