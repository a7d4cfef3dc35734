// What happens when Creel, its database or its engine goes away under an open page: it says so, keeps what was typed, and recovers by itself.
import type { Page } from "@playwright/test";
import { Creel } from "../house/creel";
import { freshEmail, PASSWORD, signUp } from "../house/person";
import { Postgres } from "../house/postgres";
import { test as base, expect } from "../house/test";
import { words } from "../house/words";

/** A person must be told within this time. */
const TOLD_WITHIN = 5_000;
const BACK_WITHIN = 15_000;
const TYPED = "Harbour office";

/** Each of these tests breaks its own house. */
const test = base.extend<{ database: Postgres | undefined; usesPostgres: boolean }>({
  usesPostgres: [false, { option: true }],
  database: async ({ usesPostgres }, use) => {
    const postgres = usesPostgres ? await Postgres.start() : undefined;
    await use(postgres);
    postgres?.remove();
  },
});

async function typeSomething(page: Page): Promise<() => Promise<void>> {
  await page.goto("/new");
  const name = page.getByRole("main").getByRole("textbox").first();
  await name.fill(TYPED);
  return async () => expect(name).toHaveValue(TYPED);
}

test("Creel is killed: told within five seconds, what was typed stays, all is well again", async ({
  browser,
  stage,
}) => {
  const creel = await Creel.start({ places: stage.places });
  const context = await browser.newContext({ baseURL: creel.url });
  await signUp(creel, context, freshEmail());
  const page = await context.newPage();
  const isKept = await typeSomething(page);
  await creel.kill();
  const banner = page.getByText(words("shell:trouble.unreachable"));
  await expect(banner).toBeVisible({ timeout: TOLD_WITHIN });
  await isKept();
  await creel.launch();
  await expect(banner).toBeHidden({ timeout: BACK_WITHIN });
  await isKept();
  await context.close();
  await creel.remove();
});

test.describe("on Postgres", () => {
  test.use({ usesPostgres: true });
  test("the database dies: told within five seconds, what was typed stays, all is well again", async ({
    browser,
    database,
    stage,
  }) => {
    const creel = await Creel.start({ places: stage.places, database: database?.url });
    const context = await browser.newContext({ baseURL: creel.url });
    await signUp(creel, context, freshEmail());
    const page = await context.newPage();
    const isKept = await typeSomething(page);
    database?.stop();
    const banner = page.getByText(words("shell:trouble.database"));
    await expect(banner).toBeVisible({ timeout: TOLD_WITHIN });
    await isKept();
    database?.go();
    await expect(banner).toBeHidden({ timeout: BACK_WITHIN });
    await isKept();
    await context.close();
    await creel.remove();
  });
});

test("the engine goes away: told, agents are honest about it, all is well again", async ({
  creel,
  page,
  person,
  watch,
}) => {
  watch.allowOutage();
  await person.instance("crab");
  await page.goto("/instances/crab");
  creel.engine("down");
  const banner = page.getByText(words("shell:trouble.engine"));
  await expect(banner).toBeVisible({ timeout: TOLD_WITHIN });
  await expect(page.getByRole("main").getByText(words("common:state.unknown")).first()).toBeVisible({
    timeout: BACK_WITHIN,
  });
  creel.engine("");
  await expect(banner).toBeHidden({ timeout: BACK_WITHIN });
  await expect(page.getByRole("main").getByText(words("common:state.running")).first()).toBeVisible({
    timeout: BACK_WITHIN,
  });
});

test("the session ends: signing in on top of the page keeps what was typed", async ({ page, person }) => {
  const isKept = await typeSomething(page);
  await person.call("DELETE", "/sessions");
  // The next thing the page asks is refused.
  await page
    .getByRole("main")
    .getByRole("button", { name: words("common:action.continue") })
    .click();
  const dialog = page.getByRole("dialog", { name: words("shell:expired.title") });
  await expect(dialog).toBeVisible({ timeout: TOLD_WITHIN });
  await dialog.getByRole("textbox", { name: words("shell:password") }).fill(PASSWORD);
  await dialog.getByRole("button", { name: words("shell:sign_in") }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: words("common:action.back") }).click();
  await isKept();
});
