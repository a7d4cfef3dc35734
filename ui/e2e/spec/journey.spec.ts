// The main job on the fake fleet: the same story that engine/journey.spec.ts plays on the real engine.
import { Canary } from "../house/canary";
import { fromLandingToAnswer } from "../house/journey";
import { freshEmail } from "../house/person";
import { expect, test } from "../house/test";
import { words } from "../house/words";

const KEY = "sk-proj-the-persons-own-key-4711";

test("from the landing page to an answered message", async ({ page, stage }) => {
  test.setTimeout(90_000);
  const bot = await stage.bot("nele_family_bot", "Nele");
  await stage.key(KEY, "That key was revoked on Tuesday");
  const canary = await Canary.watch(page, stage.places.openai, [["the person's key", new RegExp(KEY)]]);
  const story = { page, stage, bot, email: freshEmail("nele"), agent: "Nele", key: KEY, answer: "Good morning!" };
  await fromLandingToAnswer({ ...story, patience: 20_000 });
  canary.check();
  await page.getByRole("link", { name: words("wizard:made.go") }).click();
  await expect(page.getByRole("heading", { name: "Nele", level: 1 })).toBeVisible();
  await stage.well();
});

test("a reload in the middle loses nothing, and a skipped step can be come back to", async ({ page, person: _ }) => {
  await page.goto("/new");
  await page.getByLabel(words("wizard:name.name"), { exact: true }).fill("Reload proof");
  await page.getByRole("button", { name: words("common:action.continue"), exact: true }).click();
  await expect(page.getByRole("heading", { name: words("wizard:model.title") })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: words("wizard:model.title") })).toBeVisible();
  await page.goto("/instances");
  await page.getByRole("link", { name: words("instance:first.resume") }).click();
  await expect(page.getByRole("heading", { name: words("wizard:model.title") })).toBeVisible();
  await page.getByRole("button", { name: words("common:action.back") }).click();
  await expect(page.getByLabel(words("wizard:name.name"), { exact: true })).toHaveValue("Reload proof");
});
