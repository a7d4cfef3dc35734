import { Page } from "~/pattern/Page";

export function Users() {
  return <Page title="Users" />;
}
