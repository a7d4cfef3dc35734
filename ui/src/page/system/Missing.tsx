import { Page } from "~/pattern/Page";

export function Missing() {
  return <Page title="Missing" />;
}
