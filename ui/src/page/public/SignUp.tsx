import { Page } from "~/pattern/Page";

export function SignUp() {
  return <Page title="SignUp" />;
}
