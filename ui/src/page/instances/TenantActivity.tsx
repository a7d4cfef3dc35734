import { Page } from "~/pattern/Page";

export function TenantActivity() {
  return <Page title="TenantActivity" />;
}
