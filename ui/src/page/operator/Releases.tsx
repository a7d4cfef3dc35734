import { Page } from "~/pattern/Page";

export function Releases() {
  return <Page title="Releases" />;
}
