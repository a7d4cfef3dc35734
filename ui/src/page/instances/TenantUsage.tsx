import { Page } from "~/pattern/Page";

export function TenantUsage() {
  return <Page title="TenantUsage" />;
}
