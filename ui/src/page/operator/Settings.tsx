import { Page } from "~/pattern/Page";

export function Settings() {
  return <Page title="Settings" />;
}
