import { Page } from "~/pattern/Page";

export function Model() {
  return <Page title="Model" />;
}
