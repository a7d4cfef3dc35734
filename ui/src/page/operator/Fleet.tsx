import { Page } from "~/pattern/Page";

export function Fleet() {
  return <Page title="Fleet" />;
}
