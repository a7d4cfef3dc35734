import { Page } from "~/pattern/Page";

export function Tokens() {
  return <Page title="Tokens" />;
}
