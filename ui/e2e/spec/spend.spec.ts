// What everybody spends, and the limits that stop it: found, ordered, set to the nano-dollar, taken away and brought back.
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, OWNER, test } from "../house/gallery";
import { tabTo } from "../house/keyboard";
import { settle } from "../house/look";
import { pattern, words } from "../house/words";

const say = (key: string, values?: Record<string, string | number>) => words(`operator:${key}`, values);
const limit = (key: string, values?: Record<string, string | number>) => words(`common:limit.${key}`, values);

interface Limit {
  scope: string;
  unit: string;
  window: string;
  amount: number;
}

test.beforeEach(() => test.setTimeout(60_000));

const limitsOf = async (request: APIRequestContext, base: string, scope: string): Promise<Limit[]> => {
  const { items } = (await (await request.get(`${base}/api/v1/operator/limits`)).json()) as { items: Limit[] };
  return items.filter((one) => one.scope === scope);
};

/** The house that is lived in has limits; a test begins without those it looks at, and gives them back. */
async function putLimits(request: APIRequestContext, base: string, scope: string, limits: Limit[]): Promise<void> {
  const bare = limits.map(({ unit, window, amount }) => ({ unit, window, amount }));
  const headers = { origin: base };
  const answer = await request.put(`${base}/api/v1/operator/limits/${scope}`, { data: { limits: bare }, headers });
  expect(answer.ok(), await answer.text()).toBe(true);
}

const panel = (page: Page, kind: "key" | "tenant") => page.getByRole("region", { name: say(`limits.${kind}.title`) });

test("the month, the days and who spent it", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.goto("/operator/spend");
  await settle(page);
  const month = page.getByRole("region", { name: say("spend.month") });
  await expect(month.getByText(/^\$[\d,]+\.\d\d$/).first()).toBeVisible();
  await expect(page.getByRole("img", { name: /\$/ }).first()).toBeVisible();

  const tenants = page.getByRole("table", { name: say("spend.by_tenant_other", { count: 30 }) });
  const calls = tenants.getByRole("columnheader", { name: say("spend.column.calls") });
  await calls.getByRole("button").click();
  await expect(calls).toHaveAttribute("aria-sort", "descending");
  await calls.getByRole("button").click();
  await expect(calls).toHaveAttribute("aria-sort", "ascending");

  await page.getByRole("searchbox", { name: say("spend.search") }).fill("nobody is called so");
  await expect(page.getByText(say("list.nothing"))).toBeVisible();
  await page.getByRole("button", { name: say("list.clear") }).click();
  await tenants.getByRole("link", { name: OWNER }).click();
  await expect(page).toHaveURL(/\/operator\/instances\?tenant=ten_/);
  watch.check();
  await context.close();
});

test("a limit is set to the nano-dollar, changed, removed and brought back", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  const [url, key] = [gallery.creel.url, "key_openai"];
  const held = () => limitsOf(context.request, url, key);
  const before = await held();
  await putLimits(context.request, url, key, []);
  await page.goto("/operator/spend");
  await settle(page);
  const keys = panel(page, "key");
  await expect(keys.getByText(say("limits.key.empty"))).toBeVisible();

  await keys.getByRole("button", { name: say("limits.key.add") }).click();
  const dialog = page.getByRole("dialog", { name: say("limits.key.add") });
  await dialog.getByRole("button", { name: say("limits.save") }).click();
  await expect(dialog.getByText(say("limits.key.choose"))).toBeVisible();
  await expect(dialog.getByText(limit("wrong.empty"))).toBeVisible();
  await dialog.getByRole("combobox", { name: say("limits.key.who") }).click();
  await page.getByRole("option", { name: "OpenAI" }).click();
  const amount = dialog.getByRole("textbox", { name: limit("field"), exact: true });
  for (const [typed, wrong] of [
    ["twelve", "number"],
    ["0.00", "zero"],
    ["1.0000000001", "places"],
    ["9007199.254740992", "much"],
  ] as const) {
    await amount.fill(typed);
    await dialog.getByRole("button", { name: say("limits.save") }).click();
    await expect(dialog.getByText(limit(`wrong.${wrong}`))).toBeVisible();
  }
  await amount.fill("1,234.000000001");
  const first = limit("per.month", { amount: "$1,234.000000001" });
  await expect(dialog.getByText(limit("means", { limit: first }))).toBeVisible();
  await dialog.getByRole("button", { name: say("limits.save") }).click();
  await expect(dialog).toBeHidden();
  await expect(keys.getByText(first)).toBeVisible();
  await expect(keys.getByRole("meter", { name: `OpenAI: ${first}` })).toBeVisible();
  expect(await held()).toMatchObject([{ unit: "nano_usd", window: "month", amount: 1_234_000_000_001 }]);

  await keys.getByRole("button", { name: say("limits.edit_of", { limit: first, name: "OpenAI" }) }).click();
  const change = page.getByRole("dialog", { name: say("limits.edit", { name: "OpenAI" }) });
  await expect(change.getByRole("textbox", { name: limit("field"), exact: true })).toHaveValue("1234.000000001");
  await change.getByRole("textbox", { name: limit("field"), exact: true }).fill("600");
  await change.getByRole("combobox", { name: limit("of") }).click();
  await page.getByRole("option", { name: limit("unit.calls"), exact: true }).click();
  await change.getByRole("combobox", { name: limit("in") }).click();
  await page.getByRole("option", { name: limit("window.minute"), exact: true }).click();
  await change.getByRole("button", { name: say("limits.save") }).click();
  const rate = limit("per.minute", { amount: limit("amount.calls_other", { amount: 600 }) });
  await expect(keys.getByText(rate)).toBeVisible();
  await expect(keys.getByText(say("limits.rate"))).toBeVisible();
  expect(await held()).toMatchObject([{ unit: "calls", window: "minute", amount: 600 }]);

  await keys.getByRole("button", { name: say("limits.remove_of", { limit: rate, name: "OpenAI" }) }).click();
  await expect(keys.getByText(say("limits.key.empty"))).toBeVisible();
  expect(await held()).toEqual([]);
  const gone = page.getByText(say("limits.removed", { limit: rate, name: "OpenAI" }));
  await expect(gone).toBeVisible();
  await page.getByRole("button", { name: words("common:action.undo") }).click();
  await expect(keys.getByText(rate)).toBeVisible();
  expect(await held()).toMatchObject([{ unit: "calls", window: "minute", amount: 600 }]);
  await keys.getByRole("button", { name: say("limits.remove_of", { limit: rate, name: "OpenAI" }) }).click();
  await expect(keys.getByText(say("limits.key.empty"))).toBeVisible();
  await putLimits(context.request, url, key, before);
  watch.check();
  await context.close();
});

test("a tenant is looked up and held tighter, by keyboard alone", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.goto("/operator/spend");
  await settle(page);
  await tabTo(page, panel(page, "tenant").getByRole("button", { name: say("limits.tenant.add") }));
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: say("limits.tenant.add") });
  await expect(dialog.getByRole("combobox", { name: say("limits.tenant.who") })).toBeFocused();
  await page.keyboard.type("ben");
  await expect(page.getByRole("option")).toHaveText(/^ben\./);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await tabTo(page, dialog.getByRole("textbox", { name: limit("field"), exact: true }));
  await page.keyboard.type("2.5");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  const set = limit("per.month", { amount: "$2.50" });
  const tenants = panel(page, "tenant");
  await expect(tenants.getByText(set)).toBeVisible();

  // A line of the table offers the same, and says where a limit of that kind is there already.
  await page.getByRole("button", { name: say("limits.add_for", { name: OWNER }) }).click();
  const again = page.getByRole("dialog", { name: say("limits.add_for", { name: OWNER }) });
  await again.getByRole("combobox", { name: limit("of") }).click();
  await page.getByRole("option", { name: limit("unit.nano_usd"), exact: true }).click();
  await again.getByRole("combobox", { name: limit("in") }).click();
  await page.getByRole("option", { name: limit("window.month"), exact: true }).click();
  await expect(again.getByText(pattern("operator:limits.replaces"))).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(again).toBeHidden();
  await tenants.getByRole("button", { name: say("limits.remove_of", { limit: set, name: "ben" }) }).click();
  await expect(tenants.getByText(set)).toBeHidden();
  watch.check();
  await context.close();
});

test("without any call nothing pretends to be a figure", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  const month = { tokens: 0, calls: 0, cost_nano_usd: 0, renews_at: "2026-12-01T00:00:00Z" };
  await page.route("**/api/v1/operator/spend*", (route) =>
    route.fulfill({ json: { month, by_day: [], by_tenant: [], by_provider: [], by_model: [] } }),
  );
  await page.goto("/operator/spend");
  await settle(page);
  await expect(page.getByText(say("spend.empty"))).toBeVisible();
  await expect(page.getByText(say("spend.no_forecast"))).toBeVisible();
  await expect(panel(page, "key")).toBeVisible();
  watch.check();
  await context.close();
});
