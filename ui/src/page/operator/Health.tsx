import { Page } from "~/pattern/Page";

export function Health() {
  return <Page title="Health" />;
}
