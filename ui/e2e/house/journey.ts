// The main job as a person does it, knowing only what is on the screen: from the landing page to an answered message.
import { expect, type Page } from "@playwright/test";
import { PASSWORD } from "./person";
import { ANN, type Bot, type Stage } from "./stage";
import { words } from "./words";

export interface Story {
  page: Page;
  stage: Stage;
  bot: Bot;
  email: string;
  agent: string;
  key: string;
  answer: string;
  /** The first start of a real engine takes its time. */
  patience: number;
}

const SLOW_TURN = 60_000;

export async function fromLandingToAnswer(story: Story): Promise<void> {
  await makeAccount(story);
  await sayWho(story);
  await chooseModel(story);
  await connectTelegram(story);
  await create(story);
  await firstMessage(story);
}

async function makeAccount({ page, email }: Story): Promise<void> {
  await page.goto("/");
  await page
    .getByRole("main")
    .getByRole("link", { name: words("public:start.signup") })
    .first()
    .click();
  await page.getByLabel(words("shell:email")).fill(email);
  await page.getByLabel(words("public:password.label"), { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: words("public:signup.go") }).click();
  await expect(page.getByRole("heading", { name: words("wizard:title"), level: 1 })).toBeVisible();
}

async function sayWho({ page, agent }: Story): Promise<void> {
  await page.getByLabel(words("wizard:name.name"), { exact: true }).fill(agent);
  await page.getByRole("radio", { name: words("wizard:persona.family.name") }).check();
  await goOn(page);
}

/** The vendor's own words when it refuses a key, then the right key. */
async function chooseModel({ page, key }: Story): Promise<void> {
  await page
    .getByRole("radio", { name: /GPT-5\.4 mini/ })
    .first()
    .check();
  const own = page.getByRole("radio", { name: words("wizard:model.own", { vendor: "OpenAI" }) });
  if (await own.isVisible()) await own.check();
  const field = page.getByRole("textbox", { name: words("wizard:key.label", { vendor: "OpenAI" }) });
  const check = page.getByRole("button", { name: words("wizard:key.check") });
  await field.fill("sk-proj-a-key-that-was-revoked");
  await check.click();
  await expect(page.getByText("That key was revoked on Tuesday").first()).toBeVisible();
  await field.fill(key);
  await check.click();
  await expect(page.getByText(words("wizard:key.works", { vendor: "OpenAI", last: key.slice(-4) }))).toBeVisible();
  await goOn(page);
}

async function connectTelegram({ page, stage, bot }: Story): Promise<void> {
  await page.getByLabel(words("wizard:telegram.token"), { exact: true }).fill(bot.token);
  await page.getByRole("button", { name: words("wizard:telegram.check"), exact: true }).click();
  const open = page.getByRole("link", { name: words("wizard:telegram.open", { bot: `@${bot.username}` }) });
  const link = new URL((await open.getAttribute("href")) ?? "");
  expect(link.pathname).toBe(`/${bot.username}`);
  // What Telegram sends when somebody opens that link and presses Start.
  await stage.say(bot, `/start ${link.searchParams.get("start")}`);
  await expect(
    page.getByText(words("wizard:telegram.claimed", { who: `${ANN.name} (@${ANN.username})` })),
  ).toBeVisible();
  await goOn(page);
}

async function create({ page, agent, patience }: Story): Promise<void> {
  await page.getByRole("button", { name: words("wizard:create") }).click();
  const ready = page.getByRole("heading", { name: words("wizard:made.ready", { name: agent }), level: 1 });
  await expect(ready).toBeVisible({ timeout: patience });
}

async function firstMessage({ page, stage, bot, answer, agent }: Story): Promise<void> {
  await expect(page.getByText(words("wizard:first.waiting"))).toBeVisible();
  await stage.model({ text: answer, input: 1840, output: 212 });
  await stage.say(bot, "Hello!");
  await expect(page.getByText(words("wizard:first.arrived"))).toBeVisible({ timeout: 10_000 });
  await expect(page.getByText(words("wizard:first.works", { name: agent }))).toBeVisible({ timeout: SLOW_TURN });
  expect((await stage.sent(bot)).map(({ text }) => text)).toContain(answer);
}

async function goOn(page: Page): Promise<void> {
  await page.getByRole("button", { name: words("common:action.continue"), exact: true }).click();
}
