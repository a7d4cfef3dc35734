// One agent: every page of it does what it says, shows its operation live, and stands what strangers write into it.
import type { Page } from "@playwright/test";
import { ANN } from "../house/stage";
import { expect, test } from "../house/test";
import { pattern, words } from "../house/words";

const NAME = "Harbour office";
const say = (key: string, values?: Record<string, string | number>) => words(`instance:${key}`, values);

const progress = (page: Page) => page.getByRole("region", { name: say("progress.label") });
const openTab = (page: Page, name: string) =>
  page
    .getByRole("navigation", { name: say("tab.label") })
    .getByRole("link", { name: say(`tab.${name}`), exact: true })
    .click();

async function choose(page: Page, action: "restart" | "stop"): Promise<void> {
  await page.getByRole("button", { name: say("action.label") }).click();
  await page.getByRole("menuitem", { name: new RegExp(`^${say(`action.${action}.verb`)}`) }).click();
  const dialog = page.getByRole("dialog", { name: say(`action.${action}.title`, { name: NAME }) });
  await dialog.getByRole("button", { name: say(`action.${action}.verb`), exact: true }).click();
}

test("stop, start and restart say what they do, and a running operation is found again", async ({
  creel,
  page,
  person,
}) => {
  await person.instance("harbour", { name: NAME });
  await page.goto("/instances/harbour");
  await choose(page, "stop");
  await expect(page.getByText(say("now.stopped"))).toBeVisible();

  creel.engine("slow 600");
  // The switch is read a few times a second.
  await page.waitForTimeout(400);
  await page
    .getByRole("button", { name: say("action.start.verb"), exact: true })
    .first()
    .click();
  await expect(progress(page).getByText(say("doing.start"))).toBeVisible();
  await expect(progress(page).getByText(words("common:step.volume"))).toBeVisible();
  await page
    .getByRole("navigation", { name: words("shell:nav.label") })
    .getByRole("link", { name: words("shell:nav.usage") })
    .click();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(NAME);
  await page.goto("/instances/harbour");
  await expect(progress(page).getByText(say("doing.start"))).toBeVisible();
  creel.engine("");
  await expect(page.getByText(pattern("instance:progress.done.start"))).toBeVisible({ timeout: 15_000 });

  await choose(page, "restart");
  await expect(progress(page)).toBeVisible();
  await expect(page.getByText(pattern("instance:progress.done.restart"))).toBeVisible({ timeout: 15_000 });
});

test("an operation that fails says why and offers another try", async ({ creel, page, person }) => {
  await person.instance("harbour", { name: NAME });
  await page.goto("/instances/harbour");
  creel.engine("fail network");
  await page.waitForTimeout(400);
  await choose(page, "restart");
  await expect(page.getByText(say("progress.failed.restart"))).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(words("common:state.error")).first()).toBeVisible();
  creel.engine("");
  await page.waitForTimeout(400);
  await person.post("/instances/harbour/start");
  await expect(page.getByText(words("common:state.running")).first()).toBeVisible({ timeout: 15_000 });
});

test("a channel is connected and let go, a key is tried, replaced and never shown", async ({ page, person, stage }) => {
  const bot = await stage.bot("harbour_desk_bot", "Harbour desk");
  await person.instance("harbour", { name: NAME, model: "openai/gpt-5.4-mini" });
  await page.goto("/instances/harbour/channels");
  await page.getByLabel(words("wizard:telegram.token"), { exact: true }).fill(bot.token);
  await page.getByRole("button", { name: words("wizard:telegram.check"), exact: true }).click();
  const open = page.getByRole("link", { name: words("wizard:telegram.open", { bot: `@${bot.username}` }) });
  const code = new URL((await open.getAttribute("href")) ?? "").searchParams.get("start");
  await stage.say(bot, `/start ${code}`);
  await expect(page.getByRole("button", { name: say("channel.disconnect") })).toBeVisible({ timeout: 10_000 });
  await expect(page.getByText("Harbour desk").first()).toBeVisible();
  await expect(page.getByText(String(ANN.id))).toBeVisible();

  await openTab(page, "model");
  const key = "sk-proj-a-key-of-the-harbour-9876";
  await stage.key(key, "That key was revoked on Tuesday");
  await page.getByRole("button", { name: /^Add/ }).first().click();
  const field = page.getByRole("textbox", { name: words("wizard:key.label", { vendor: "OpenAI" }) });
  await field.fill("sk-proj-a-key-that-was-revoked");
  await field.press("Enter");
  await expect(page.getByText("That key was revoked on Tuesday").first()).toBeVisible();
  await field.fill(key);
  await field.press("Enter");
  await expect(page.getByRole("main").getByText(/9876/).first()).toBeVisible();
  expect(await page.content()).not.toContain(key);
  await stage.well();
});

test("hostile log lines are shown harmlessly, found, held and taken along", async ({ page, person, stage }) => {
  const bot = await stage.bot();
  await person.instance("harbour", {
    name: NAME,
    model: "openai/gpt-5.4-mini",
    telegram: { token: bot.token, allow_from: [ANN.id] },
  });
  const lines = [
    "<script>alert(1)</script>",
    "\u001b[31mred\u001b[0m\u001b[2J",
    "\u202eevil\u202c",
    `long ${"x".repeat(10_000)}`,
  ];
  for (const line of lines) await stage.say(bot, line);
  await expect.poll(async () => (await stage.sent(bot)).length).toBe(lines.length);
  page.on("dialog", () => expect(false, "a script of the log ran").toBe(true));
  await page.goto("/instances/harbour/logs");
  const log = page.getByRole("log");
  await expect(log.getByText("<script>alert(1)</script>")).toBeVisible();
  await expect(log.getByText(/red/).first()).toBeVisible();
  expect(await log.textContent()).not.toContain("\u001b");
  await expect(log.getByRole("button", { name: pattern("instance:logs.expand") })).toBeVisible();

  const search = page.getByRole("searchbox", { name: say("logs.search") });
  await search.fill("alert(1)");
  await expect(log.getByText(/x{100}/)).toBeHidden();
  await search.fill("");
  await page.getByRole("button", { name: say("logs.pause") }).click();
  await stage.say(bot, "said while it was held");
  await expect(page.getByRole("button", { name: /^Resume/ })).toContainText(/\d/);
  await expect(log.getByText("said while it was held")).toBeHidden();
  await page.getByRole("button", { name: /^Resume/ }).click();
  await expect(log.getByText("said while it was held")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: words("common:action.download") }).click();
  expect((await download).suggestedFilename()).toMatch(/harbour.*\.(log|txt)$/);
});

test("usage and activity tell what happened, in words", async ({ page, person, stage }) => {
  const bot = await stage.bot();
  await stage.model({ text: "Yes.", input: 1234, output: 56 });
  await person.instance("harbour", {
    name: NAME,
    model: "openai/gpt-5.4-mini",
    telegram: { token: bot.token, allow_from: [ANN.id] },
  });
  await stage.say(bot, "Hello?");
  await expect.poll(async () => (await stage.sent(bot)).length).toBe(1);
  await page.goto("/instances/harbour/usage");
  await expect(
    page
      .getByRole("main")
      .getByText(/1,290|1\.29|1\.3/)
      .first(),
  ).toBeVisible({ timeout: 10_000 });
  await openTab(page, "activity");
  await expect(
    page.getByText(say("activity.you.instance_create", { what: say("activity.this") })).first(),
  ).toBeVisible();
  await stage.well();
});

test("settings are saved, and deleting asks for the name", async ({ page, person }) => {
  await person.instance("harbour", { name: NAME });
  await page.goto("/instances/harbour/settings");
  const name = page.getByRole("textbox", { name: say("settings.name"), exact: true });
  await name.fill("Pilot <b>station</b>");
  await page.getByRole("button", { name: words("common:action.save"), exact: true }).click();
  await expect(page.getByRole("heading", { name: "Pilot <b>station</b>", level: 1 })).toBeVisible();

  await page.getByRole("button", { name: say("delete.open") }).click();
  const dialog = page.getByRole("dialog", { name: say("delete.ask", { name: "Pilot <b>station</b>" }) });
  await dialog.getByRole("textbox").fill("Pilot");
  await dialog.getByRole("button", { name: say("delete.verb") }).click();
  await expect(dialog.getByText(words("common:confirm.mismatch", { word: "Pilot <b>station</b>" }))).toBeVisible();
  await dialog.getByRole("textbox").fill("Pilot <b>station</b>");
  await dialog.getByRole("button", { name: say("delete.verb") }).click();
  await expect.poll(() => person.get<{ items: unknown[] }>("/instances").then(({ items }) => items.length)).toBe(0);
  await page.goto("/instances");
  await expect(page.getByText(say("first.title"))).toBeVisible();
});
