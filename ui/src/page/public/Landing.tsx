import { Page } from "~/pattern/Page";

export function Landing() {
  return <Page title="Landing" />;
}
