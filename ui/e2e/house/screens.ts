// Every screen of the console with what must be there to see it: axe, widths and screenshots all walk this one list.
import type { Page } from "@playwright/test";
import { paused } from "./overlay";
import { pattern, words } from "./words";

export type Visitor = "nobody" | "owner" | "operator";

export interface Screen {
  name: string;
  path: string;
  as: Visitor;
  /** Before the page is opened. */
  prepare?: (page: Page) => Promise<void>;
  /** Brings the page into a state that has no address of its own. */
  act?: (page: Page) => Promise<void>;
}

/** The agent that the looks are taken of. */
export const SLUG = "harbour";

const tab = (name: string): Screen => ({ name: `agent-${name}`, path: `/instances/${SLUG}/${name}`, as: "owner" });
const staff = (name: string, path = `/${name}`): Screen => ({
  name: `operator-${name}`,
  path: `/operator${path}`,
  as: "operator",
});

const openPrice = (page: Page) => page.locator("main li > [aria-expanded]").first().click();

/** Charged for days on which nothing was booked, and a line that nobody can read. */
const INVOICE = "date,model,cost\n2026-01-01,gpt-5.4-mini,12.50\n2026-01-02,gpt-5.4,3.20\n2026-01-02,gpt-5.4,n/a\n";

async function compareInvoice(page: Page): Promise<void> {
  await page.getByRole("combobox", { name: words("operator:invoice.vendor"), exact: true }).click();
  await page.getByRole("option", { name: "OpenAI", exact: true }).click();
  const buffer = Buffer.from(INVOICE);
  await page.locator("input[type=file]").setInputFiles({ name: "cost.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: words("operator:invoice.compare") }).click();
  await page.getByRole("region", { name: words("operator:invoice.total") }).waitFor();
}

export const SCREENS: Screen[] = [
  { name: "landing", path: "/", as: "nobody" },
  { name: "login", path: "/login", as: "nobody" },
  { name: "signup", path: "/signup", as: "nobody" },
  { name: "missing", path: "/no/such/page", as: "nobody" },
  { name: "wizard", path: "/new", as: "owner" },
  { name: "agents", path: "/instances", as: "owner" },
  { name: "usage", path: "/usage", as: "owner" },
  { name: "usage-90-days", path: "/usage?days=90", as: "owner" },
  { name: "activity", path: "/activity", as: "owner" },
  { name: "agent", path: `/instances/${SLUG}`, as: "owner" },
  tab("channels"),
  tab("model"),
  tab("usage"),
  tab("logs"),
  tab("activity"),
  tab("settings"),
  {
    ...tab("usage"),
    name: "agent-limits",
    act: async (page) => {
      await page.getByRole("button", { name: words("instance:limits.edit") }).click();
      await page.getByRole("dialog").getByRole("textbox").first().waitFor();
    },
  },
  { name: "agent-paused", path: `/instances/${SLUG}`, as: "owner", prepare: (page) => paused(page, SLUG) },
  { name: "agent-missing", path: "/instances/nowhere", as: "owner" },
  { name: "account", path: "/account", as: "owner" },
  { name: "tokens", path: "/account/tokens", as: "owner" },
  { name: "reference", path: "/reference", as: "owner" },
  { name: "forbidden", path: "/operator", as: "owner" },
  { name: "palette", path: "/instances", as: "owner", act: (page) => page.keyboard.press("Control+k") },
  staff("overview", ""),
  staff("instances"),
  staff("tenants"),
  staff("users"),
  staff("operations"),
  staff("releases"),
  staff("plans"),
  {
    ...staff("plan-editor", "/plans"),
    act: (page) =>
      page
        .getByRole("button", { name: pattern("operator:plans.edit_title") })
        .first()
        .click(),
  },
  staff("spend"),
  {
    ...staff("limit", "/spend"),
    act: (page) => page.getByRole("button", { name: words("operator:limits.tenant.add") }).click(),
  },
  staff("prices"),
  { ...staff("price-history", "/prices"), act: openPrice },
  {
    ...staff("price-form", "/prices"),
    act: (page) =>
      page
        .getByRole("button", { name: words("operator:prices.add"), exact: true })
        .first()
        .click(),
  },
  staff("upstreams"),
  staff("invoice"),
  { ...staff("invoice-drift", "/invoice"), act: compareInvoice },
  staff("audit"),
  staff("health"),
  staff("settings"),
];
