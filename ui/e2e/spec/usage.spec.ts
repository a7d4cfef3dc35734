// Where the tokens go: the month and its limits, bars by keyboard, reasons and channels, calls one by one, files for a spreadsheet, warnings.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expectAccessible, settle } from "../house/look";
import { overlay, PAUSED, paused } from "../house/overlay";
import type { Person } from "../house/person";
import { ANN, type Stage } from "../house/stage";
import { expect, test } from "../house/test";
import { pattern, words } from "../house/words";

const say = (key: string, values?: Record<string, string | number>) => words(`instance:${key}`, values);
const DAY_DOLLAR = { unit: "nano_usd", window: "day", amount: 1_000_000_000 };

/** An agent that somebody has written to on Telegram. */
async function talked(person: Person, stage: Stage): Promise<void> {
  const bot = await stage.bot();
  await stage.model({ text: "Yes.", input: 1234, output: 56 });
  const telegram = { token: bot.token, allow_from: [ANN.id] };
  await person.instance("harbour", { name: "Harbour office", model: "openai/gpt-5.4-mini", telegram });
  await stage.say(bot, "Hello?");
  await expect.poll(async () => (await stage.sent(bot)).length).toBe(1);
  await expect
    .poll(() => person.get<{ items: unknown[] }>("/instances/harbour/calls").then(({ items }) => items.length))
    .toBe(1);
}

const region = (page: Page, key: string) => page.getByRole("region", { name: say(key), exact: true });

test("own limits are set, refused where they are wider, removed and brought back", async ({ page, person }) => {
  await person.instance("harbour", { name: "Harbour office" });
  await page.goto("/instances/harbour/usage");
  await settle(page);
  const limits = region(page, "limits.title");
  await expect(limits.getByText(say("limits.of.plan")).first()).toBeVisible();

  await limits.getByRole("button", { name: say("limits.edit") }).click();
  const dialog = page.getByRole("dialog", { name: say("limits.edit_title", { name: "Harbour office" }) });
  const first = say("limits.nth", { number: 1 });
  const amount = dialog.getByRole("textbox", { name: `${first}: ${words("common:limit.field")}` });
  const choose = async (field: string, option: string) => {
    await dialog
      .getByLabel(`${first}: ${words(`common:limit.${field}`)}`)
      .first()
      .click();
    await page.getByRole("option", { name: words(`common:limit.${option}`), exact: true }).click();
  };
  await dialog.getByRole("button", { name: words("common:action.save"), exact: true }).click();
  await expect(dialog.getByText(words("common:limit.wrong.empty"))).toBeVisible();
  await choose("of", "unit.tokens");
  await amount.fill("999,000,000,000");
  await expect(dialog.getByText(pattern("instance:limits.wider.plan"))).toBeVisible();
  await expectAccessible(page);
  await choose("of", "unit.nano_usd");
  await choose("in", "window.day");
  // As a floating-point number this would be a nano-dollar less.
  await amount.fill("0.29");
  await dialog.getByRole("button", { name: words("common:action.save"), exact: true }).click();
  await expect(dialog).toBeHidden();
  const line = limits.getByRole("listitem").filter({ hasText: "$0.29 a day" });
  await expect(line.getByText(say("limits.of.owner"))).toBeVisible();
  await expect(line.getByRole("meter")).toHaveAttribute("aria-valuenow", "0");
  const kept = async () => {
    const { limits: all } = await person.get<{ limits: { source: string; amount: number }[] }>(
      "/instances/harbour/usage",
    );
    return all.filter(({ source }) => source === "owner").map(({ amount: nano }) => nano);
  };
  expect(await kept()).toEqual([290_000_000]);

  await line.getByRole("button", { name: pattern("common:action.remove") }).click();
  await expect(line).toBeHidden();
  expect(await kept()).toEqual([]);
  await page.getByRole("button", { name: words("common:action.undo") }).click();
  await expect(line).toBeVisible();
  expect(await kept()).toEqual([290_000_000]);
});

test("the server's refusal of a limit is shown where it was typed, and nothing is lost", async ({ page, person }) => {
  await person.instance("harbour");
  await person.call("PUT", "/instances/harbour/limits", { limits: [DAY_DOLLAR] });
  await page.route("**/api/v1/instances/harbour/limits", (route) =>
    route.fulfill({ status: 422, json: { error: { code: "invalid", message: "is too wide", hint: "Enter less." } } }),
  );
  await page.goto("/instances/harbour/usage");
  await page.getByRole("button", { name: say("limits.edit") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: words("common:action.save"), exact: true }).click();
  await expect(dialog.getByText("Enter less.")).toBeVisible();
  await expect(dialog.getByRole("textbox").first()).toHaveValue("1");
});

test("calls are listed with their reason and cost, failed ones by themselves, and never what was said", async ({
  page,
  person,
  stage,
}) => {
  await talked(person, stage);
  await page.goto("/instances/harbour/usage");
  await settle(page);
  const calls = region(page, "calls.title");
  await expect(calls.getByText(say("calls.in_out", { input: "1,234", output: 56 })).first()).toBeVisible();
  await expect(calls.getByRole("cell", { name: say("calls.outcome.answered"), exact: true })).toBeVisible();
  expect(await page.content()).not.toContain("Hello?");
  await calls.getByLabel(say("calls.failed_only")).check();
  await expect(calls.getByText(say("calls.none_failed"))).toBeVisible();
  await stage.well();
});

test("the bars are walked through by keyboard, and the range stands in the address", async ({
  page,
  person,
  stage,
}) => {
  await talked(person, stage);
  for (const path of ["/instances/harbour/usage", "/usage"]) {
    await page.goto(path);
    await settle(page);
    const bars = page.getByRole("slider", { name: say("usage.walk") });
    await bars.focus();
    await page.keyboard.press("End");
    await expect(bars).toHaveAttribute("aria-valuetext", /: \$0\.0/);
    await page.keyboard.press("ArrowLeft");
    await expect(bars).toHaveAttribute("aria-valuetext", /: \$0\.00/);
    await expect(page.getByRole("img", { name: pattern("instance:usage.summary_other") })).toBeVisible();
    await page.getByText(words("instance:usage.days_other", { count: 90 }), { exact: true }).click();
    await expect(page).toHaveURL(/\?days=90$/);
    await expect(bars).toHaveAttribute("max", "89");
    await page.reload();
    await settle(page);
    await expect(bars).toHaveAttribute("max", "89");
    await page.getByLabel(say("usage.as_table")).check();
    await expect(page.getByRole("table", { name: say("usage.by_day") }).getByRole("row")).toHaveCount(91);
  }
});

test("figures are taken along as a file", async ({ page, person, stage }) => {
  await talked(person, stage);
  for (const path of ["/instances/harbour/usage", "/usage"]) {
    await page.goto(path);
    await settle(page);
    for (const by of ["model", "cause"]) {
      const link = page
        .getByRole("link", { name: words(`instance:usage.download_${by}_other`, { count: 30 }) })
        .first();
      const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
      expect(file.suggestedFilename()).toMatch(/^usage.*\.csv$/);
      expect(await readFile(await file.path(), "utf8")).toMatch(/^day,.*cost_usd\r?\n\d{4}-/);
    }
  }
});

test("an agent that went round in circles says so on every page, and is resumed", async ({ page, person }) => {
  await person.instance("harbour", { name: "Harbour office" });
  await paused(page, "harbour");
  for (const path of ["", "/logs", "/usage"]) {
    await page.goto(`/instances/harbour${path}`);
    await expect(region(page, "paused.title").getByText(PAUSED.detail)).toBeVisible();
  }
  await expectAccessible(page);
  const resumed = page.waitForResponse("**/model-calls/resume");
  await region(page, "paused.title")
    .getByRole("button", { name: say("paused.resume") })
    .click();
  expect((await resumed).status()).toBe(204);
  // From here on the server speaks for itself.
  await page.unrouteAll({ behavior: "wait" });
  await expect(region(page, "paused.title")).toBeHidden({ timeout: 10_000 });
});

test("the overview shows the limit that is nearest to its end", async ({ page, person }) => {
  await person.instance("harbour");
  await person.call("PUT", "/instances/harbour/limits", { limits: [DAY_DOLLAR] });
  type Usage = { limits: { window: string; spent?: number }[] };
  await overlay<Usage>(page, "/instances/harbour/usage", (usage) => ({
    ...usage,
    limits: usage.limits.map((one) => (one.window === "day" ? { ...one, spent: 850_000_000 } : one)),
  }));
  await page.goto("/instances/harbour");
  const tile = region(page, "spend.title");
  await expect(tile.getByText(say("limits.part", { part: "$0.85", limit: "$1.00 a day" }))).toBeVisible();
  await expect(tile.getByRole("meter")).toHaveAttribute("aria-valuenow", "85");
});

test("the bell says which limit is how far used, and leads there", async ({ page, person }) => {
  await person.instance("harbour", { name: "Harbour office" });
  const budget = { scope: "instance", unit: "nano_usd", window: "day", amount: 1_000_000_000, percent: 80 };
  const about = { slug: "harbour", name: "Harbour office" };
  const common = { at: "2026-11-21T12:00:00Z", unread: true, message: "said by the server" };
  const renews_at = "2036-12-01T00:00:00Z";
  await overlay<object>(page, "/notifications", () => ({
    unread: 3,
    items: [
      { ...common, id: "a", kind: "budget_80", severity: "warning", instance: about, budget: { ...budget, renews_at } },
      {
        ...common,
        id: "b",
        kind: "budget_100",
        severity: "error",
        budget: { ...budget, scope: "tenant", window: "month", percent: 100, renews_at },
      },
      { ...common, id: "c", kind: "loop_paused", severity: "error", instance: about, message: PAUSED.detail },
    ],
  }));
  await page.goto("/instances");
  await settle(page);
  await page.getByRole("button", { name: new RegExp(`^${words("shell:bell.label")}`) }).click();
  const day = page.getByRole("link", { name: pattern("shell:bell.kind.budget_80") });
  await expect(day).toContainText("$1.00 a day");
  await expect(day).toHaveAttribute("href", "/instances/harbour/usage");
  const month = page.getByRole("link", { name: pattern("shell:bell.shared.budget_100") });
  await expect(month).toHaveAttribute("href", "/usage");
  await expect(page.getByText("said by the server")).toHaveCount(0);
  await expect(page.getByRole("link", { name: pattern("shell:bell.kind.loop_paused") })).toHaveAttribute(
    "href",
    "/instances/harbour",
  );
  await expect(page.getByText(PAUSED.detail)).toBeVisible();
});
