// The price table: found, opened, added to exactly, taken from after a question; and models without a price are named.
import { expect, test } from "../house/gallery";
import { settle } from "../house/look";
import { pattern, words } from "../house/words";

const say = (key: string, values?: Record<string, string | number>) => words(`operator:${key}`, values);

test.beforeEach(() => test.setTimeout(60_000));

interface Price {
  id?: string;
  provider: string;
  model: string;
  origin: string;
  current: boolean;
  prices: Record<string, number>;
}

test("search, filter and history with its source", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.goto("/operator/prices");
  await settle(page);
  const list = page.getByRole("list", { name: say("prices.title") });
  const search = page.getByRole("searchbox", { name: say("prices.search") });
  await search.fill("anthropic");
  await expect(list.getByRole("button", { name: /claude/ }).first()).toBeVisible();
  await expect(page).toHaveURL(/q=anthropic/);
  await expect(list.getByRole("button", { name: /^gpt/ })).toHaveCount(0);
  const line = list.getByRole("button", { name: /claude/ }).first();
  await line.click();
  await expect(line).toHaveAttribute("aria-expanded", "true");
  await expect(list.getByText(say("prices.when.now")).first()).toBeVisible();
  await expect(list.getByText(`${say("prices.source")}:`).first()).toBeVisible();
  await search.fill("nothing costs so");
  await expect(page.getByText(say("list.nothing"))).toBeVisible();
  await page.getByRole("button", { name: say("list.clear") }).click();
  await page.getByRole("combobox", { name: say("prices.origin") }).click();
  await page.getByRole("option", { name: say("prices.from.operator") }).click();
  await expect(page).toHaveURL(/origin=operator/);
  await expect(page.getByText(say("list.nothing"))).toBeVisible();
  watch.check();
  await context.close();
});

test("a price is added to the nano-dollar, holds, and is removed again", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  const prices = async () => {
    const answer = await context.request.get(`${gallery.creel.url}/api/v1/operator/prices`);
    return ((await answer.json()) as { items: Price[] }).items.filter((one) => one.model === "gpt-5.4-mini");
  };
  await page.goto("/operator/prices?q=gpt-5.4-mini");
  await settle(page);
  const list = page.getByRole("list", { name: say("prices.title") });
  const line = list.getByRole("button", { name: /gpt-5\.4-mini/ }).first();
  await line.click();
  await list
    .getByRole("button", { name: say("prices.change") })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: say("prices.change_of", { model: "gpt-5.4-mini" }) });
  const field = (part: string) => dialog.getByRole("textbox", { name: say(`prices.part.${part}`), exact: true });
  await expect(field("input")).not.toHaveValue("");
  await field("input").fill("10000.01");
  await field("output").fill("much");
  await dialog.getByRole("button", { name: say("prices.save") }).click();
  await expect(dialog.getByText(say("prices.dear"))).toBeVisible();
  await expect(dialog.getByText(words("common:limit.wrong.number"))).toBeVisible();
  await expect(dialog.getByText(say("prices.choose_source"))).toBeVisible();
  await expect(field("input")).toBeFocused();
  await field("input").fill("0.290000001");
  await field("output").fill("$1.1");
  await dialog.getByRole("textbox", { name: say("prices.source") }).fill("https://example.org/price-list");
  await dialog.getByRole("button", { name: say("prices.save") }).click();
  await expect(dialog).toBeHidden();
  await expect(list.getByText("$0.290000001").first()).toBeVisible();
  await expect(line.getByText(say("prices.by.operator"))).toBeVisible();
  const mine = (await prices()).find((one) => one.origin === "operator");
  expect(mine).toMatchObject({
    current: true,
    prices: { input_nano_usd: 290_000_001, output_nano_usd: 1_100_000_000 },
  });

  await expect(list.getByRole("link", { name: "https://example.org/price-list" })).toHaveAttribute("rel", /noopener/);
  await list.getByRole("button", { name: pattern("operator:prices.remove_of") }).click();
  const sure = page.getByRole("dialog", { name: say("prices.remove_title", { model: "gpt-5.4-mini" }) });
  await expect(sure.getByText(say("prices.remove_words"))).toBeVisible();
  await sure.getByRole("button", { name: say("prices.remove"), exact: true }).click();
  await expect(sure).toBeHidden();
  await expect(line.getByText(say("prices.by.shipped"))).toBeVisible();
  expect((await prices()).every((one) => one.origin === "shipped")).toBe(true);
  watch.check();
  await context.close();
});

test("a model that was used without a price is named, and its price is one step away", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.route("**/api/v1/operator/spend*", async (route) => {
    const answer = await route.fetch();
    const spend = await answer.json();
    spend.by_model.push({ model: "openai/gpt-not-yet", calls: 3, tokens: 4_200, cost_nano_usd: 0 });
    await route.fulfill({ json: spend });
  });
  await page.goto("/operator/prices");
  await settle(page);
  await expect(page.getByText(say("prices.unpriced_one", { count: 1 }))).toBeVisible();
  await page.getByRole("button", { name: say("prices.add_for", { model: "openai/gpt-not-yet" }) }).click();
  const dialog = page.getByRole("dialog", { name: say("prices.add") });
  await expect(dialog.getByRole("combobox", { name: say("prices.model") })).toHaveValue("gpt-not-yet");
  await expect(dialog.getByRole("combobox", { name: say("prices.vendor") })).toHaveValue("OpenAI");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  watch.check();
  await context.close();
});
