import { Page } from "~/pattern/Page";

export function Wizard() {
  return <Page title="Wizard" />;
}
