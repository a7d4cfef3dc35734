import { Page } from "~/pattern/Page";

export function Setup() {
  return <Page title="Setup" />;
}
