// The main job on the real engine with the real OpenClaw, against the stubs of Telegram and of a vendor.
import { Canary } from "../../house/canary";
import { Engine } from "../../house/engine";
import { fromLandingToAnswer } from "../../house/journey";
import { test as base, expect } from "../../house/test";
import { words } from "../../house/words";

const LIMIT_MS = 180_000;
const KEY = "sk-proj-the-persons-own-key-4711";

const test = base.extend<object, { engine: Engine }>({
  engine: [
    async ({ stage }, use) => {
      const engine = await Engine.start(stage);
      await use(engine);
      await engine.remove();
    },
    { scope: "worker", timeout: 90_000 },
  ],
  // biome-ignore lint/suspicious/noExplicitAny: the fixture of the fake house is taken over by the engine's
  creel: [async ({ engine }: { engine: Engine }, use: any) => use(engine.creel), { scope: "worker" }] as never,
});

test("from the landing page to an answered message in less than three minutes, and nothing left behind", async ({
  page,
  stage,
  engine,
}) => {
  const bot = await stage.bot("nele_family_bot", "Nele");
  await stage.key(KEY, "That key was revoked on Tuesday");
  const ports = [engine.creel.url, ...Object.values(stage.places)].map((url) => new URL(url).port).filter(Boolean);
  const canary = await Canary.watch(page, stage.places.openai, [
    ["the person's key", new RegExp(KEY)],
    ["a port", new RegExp(`\\b(${ports.join("|")})\\b`)],
  ]);
  const began = Date.now();
  const story = { page, stage, bot, email: "nele@example.org", agent: "Nele", key: KEY, answer: "Good morning!" };
  await fromLandingToAnswer({ ...story, patience: 120_000 });
  expect(Date.now() - began).toBeLessThan(LIMIT_MS);

  await page.getByRole("link", { name: words("wizard:made.go") }).click();
  const tabs = page.getByRole("navigation", { name: words("instance:tab.label") });
  for (const tab of ["channels", "model", "usage", "activity", "settings"]) {
    await tabs.getByRole("link", { name: words(`instance:tab.${tab}`), exact: true }).click();
    await expect(page.getByRole("heading", { name: "Nele", level: 1 })).toBeVisible();
  }
  canary.check();

  await page.getByRole("button", { name: words("instance:delete.open") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("Nele");
  await dialog.getByRole("button", { name: words("instance:delete.verb") }).click();
  await expect.poll(() => engine.objects(), { timeout: 60_000 }).toEqual([]);
});
