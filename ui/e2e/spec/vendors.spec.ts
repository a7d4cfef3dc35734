// How the vendors are, and whether they charge what was booked.
import { type BrowserContext, expect as check, type Page } from "@playwright/test";
import { expect, test } from "../house/gallery";
import { settle } from "../house/look";
import { pattern, words } from "../house/words";

const say = (key: string, values?: Record<string, string | number>) => words(`operator:${key}`, values);

test("a key that was used is there, with what it means when it is passed over", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.goto("/operator/upstreams");
  await settle(page);
  const openai = page.getByRole("region", { name: /^OpenAI/ });
  await expect(openai.first()).toBeVisible();
  await expect(openai.first().getByText(say("upstreams.state.closed"))).toBeVisible();

  // The page asks again by itself.
  const item = { provider: "openai", key_last4: "1234", owned_by: "platform", calls: 9, failures: 8 };
  const failure = { last_error: "<b>429</b> \u202equota", last_error_at: new Date().toISOString() };
  await page.route("**/api/v1/operator/upstreams", (route) =>
    route.fulfill({
      json: {
        known: true,
        items: [
          { ...item, state: "open", ...failure },
          { ...item, key_last4: "5678", state: "half_open" },
        ],
      },
    }),
  );
  await expect(page.getByText(say("upstreams.state.open"))).toBeVisible({ timeout: 8_000 });
  await expect(page.getByText(say("upstreams.means.open"))).toBeVisible();
  await expect(page.getByText(say("upstreams.means.half_open"))).toBeVisible();
  await expect(page.getByText("<b>429</b>")).toBeVisible();
  watch.check();
  await context.close();
});

test("a process without the proxy says that it cannot tell; one without calls says that, too", async ({
  browser,
  gallery,
}) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  const answer = { known: false, reason: "Another process has the llm proxy.", items: [] };
  await page.route("**/api/v1/operator/upstreams", (route) => route.fulfill({ json: answer }));
  await page.goto("/operator/upstreams");
  await settle(page);
  await expect(page.getByText(say("upstreams.unknown"))).toBeVisible();
  await expect(page.getByText(answer.reason)).toBeVisible();
  await page.route("**/api/v1/operator/upstreams", (route) => route.fulfill({ json: { known: true, items: [] } }));
  await page.reload();
  await expect(page.getByText(say("upstreams.empty"))).toBeVisible();
  watch.check();
  await context.close();
});

test.beforeEach(() => test.setTimeout(60_000));

const DAY_MS = 86_400_000;
const dayBefore = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);

async function choose(page: Page, name: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name, exact: true }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** What was booked for the platform's keys of this provider, by the day, as the comparison itself says. */
async function booked(context: BrowserContext, base: string, days: string[]): Promise<Map<string, number>> {
  const csv = ["date,cost", ...days.map((day) => `${day},0.01`)].join("\n");
  const answer = await context.request.post(`${base}/api/v1/operator/reconcile`, {
    data: { provider: "openai", csv },
    headers: { origin: base },
  });
  check(answer.ok(), await answer.text()).toBe(true);
  const { rows } = (await answer.json()) as { rows: { day: string; ledger_nano_usd: number }[] };
  return new Map(rows.map((row) => [row.day, row.ledger_nano_usd]));
}

const dollars = (nano: number) => `${Math.floor(nano / 1e9)}.${String(nano % 1e9).padStart(9, "0")}`;

test("an invoice that agrees, and one that does not", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  const days = [4, 3, 2].map(dayBefore);
  const ledger = await booked(context, gallery.creel.url, days);
  await page.goto("/operator/invoice");
  await settle(page);
  await page.getByRole("button", { name: say("invoice.compare") }).click();
  await expect(page.getByText(say("invoice.choose_vendor"))).toBeVisible();
  await expect(page.getByText(say("invoice.no_file"))).toBeVisible();

  await choose(page, say("invoice.vendor"), "OpenAI");
  const lines = days.map((day) => `${day},${dollars(ledger.get(day) ?? 0)}`);
  const file = (text: string) => ({ name: "cost.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  const input = page.locator("input[type=file]");
  await input.setInputFiles(file(["date,cost", ...lines].join("\n")));
  await expect(page.getByText("cost.csv")).toBeVisible();
  await page.getByRole("button", { name: say("invoice.compare") }).click();
  await expect(page.getByText(pattern("operator:invoice.agrees"))).toBeVisible();
  await expect(page.getByText(say("invoice.none_off"))).toBeHidden();

  await page.getByRole("button", { name: words("common:action.remove") }).click();
  await expect(page.getByText(pattern("operator:invoice.agrees"))).toBeHidden();
  await input.setInputFiles(file(["date,cost", ...lines, `${days[0]},7.5`, `${days[1]},oops`].join("\n")));
  await page.getByRole("button", { name: say("invoice.compare") }).click();
  await expect(page.getByText(pattern("operator:invoice.more"))).toBeVisible();
  const rows = page.getByRole("table", { name: say("invoice.rows") });
  await expect(rows.getByRole("row")).toHaveCount(2);
  await expect(rows.getByText("−$7.50")).toBeVisible();
  await page.getByRole("switch", { name: say("invoice.only") }).uncheck();
  await expect(rows.getByRole("row")).toHaveCount(4);
  await expect(page.getByText(say("invoice.line", { line: 6 }))).toBeVisible();

  // Nothing of it is kept.
  await page.reload();
  await settle(page);
  await expect(rows).toBeHidden();
  await expect(page.getByText("cost.csv")).toBeHidden();
  watch.check();
  await context.close();
});

test("headings that nobody knows are chosen by hand; what is no text is refused", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.goto("/operator/invoice");
  await settle(page);
  const binary = { name: "cost.xlsx", mimeType: "application/octet-stream", buffer: Buffer.from("PK\u0000\u0001") };
  await page.locator("input[type=file]").setInputFiles(binary);
  await expect(page.getByText(say("invoice.not_text"))).toBeVisible();

  await choose(page, say("invoice.vendor"), "OpenAI");
  await page.getByText(say("invoice.as_text"), { exact: true }).click();
  await page
    .getByRole("textbox", { name: say("invoice.as_text") })
    .fill(`Tag;Betrag\n${dayBefore(3)};1.00\n${dayBefore(2)};1.00`);
  await page.getByRole("button", { name: say("invoice.compare") }).click();
  const day = page.getByRole("combobox", { name: say("invoice.column.day"), exact: true });
  await expect(day).toHaveAttribute("aria-invalid", "true");
  await choose(page, say("invoice.column.day"), "Tag");
  await choose(page, say("invoice.column.cost"), "Betrag");
  await page.getByRole("button", { name: say("invoice.compare") }).click();
  await expect(page.getByRole("region", { name: say("invoice.total") })).toBeVisible();
  watch.check();
  await context.close();
});
