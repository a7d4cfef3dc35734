import { Page } from "~/pattern/Page";

export function Login() {
  return <Page title="Login" />;
}
