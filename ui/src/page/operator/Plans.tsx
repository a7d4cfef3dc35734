import { Page } from "~/pattern/Page";

export function Plans() {
  return <Page title="Plans" />;
}
