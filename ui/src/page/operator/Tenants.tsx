import { Page } from "~/pattern/Page";

export function Tenants() {
  return <Page title="Tenants" />;
}
