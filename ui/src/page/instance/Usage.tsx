import { Page } from "~/pattern/Page";

export function Usage() {
  return <Page title="Usage" />;
}
