// Every screen of the console with what must be there to see it: axe, widths and screenshots all walk this one list.
import type { Page } from "@playwright/test";
import { paused } from "./overlay";
import { words } from "./words";

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
  staff("audit"),
  staff("health"),
  staff("settings"),
];
