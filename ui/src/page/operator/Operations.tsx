import { Page } from "~/pattern/Page";

export function Operations() {
  return <Page title="Operations" />;
}
