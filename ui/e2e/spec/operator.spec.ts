// Platform staff: the fleet, bulk actions with a dry run, people, the audit log and the settings.
import { expect, test } from "../house/gallery";
import { settle } from "../house/look";
import { words } from "../house/words";

const say = (key: string, values?: Record<string, string | number>) => words(`operator:${key}`, values);

test("bulk: chosen, shown what would happen, done", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.goto("/operator/instances");
  await settle(page);
  await page.getByRole("searchbox", { name: say("fleet.search") }).fill("ben-agent");
  const box = page.getByRole("checkbox", { name: say("fleet.select", { name: "ben-agent" }) });
  await box.check();
  await page.getByRole("button", { name: say("fleet.do.start"), exact: true }).click();
  const dialog = page.getByRole("dialog", { name: say("bulk.title.start_one", { amount: 1 }) });
  await expect(dialog.getByText(say("bulk.change.start_one", { amount: 1 }))).toBeVisible();
  await dialog.getByRole("button", { name: say("bulk.go.start_one", { amount: 1 }) }).click();
  await expect(page.getByText(say("bulk.ended_one", { over: 1, amount: 1 }))).toBeVisible({ timeout: 15_000 });
  watch.check();
  await context.close();
});

test("the audit log is searched and taken along", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.goto("/operator/audit");
  await settle(page);
  await expect(page.getByRole("main").getByText(say("audit.action.instance_create")).first()).toBeVisible();
  await page.getByRole("button", { name: say("audit.export") }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: say("audit.as.csv") }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  watch.check();
  await context.close();
});

test("settings say where they come from, and secrets are not shown", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  await page.goto("/operator/settings");
  await settle(page);
  const main = page.getByRole("main");
  await expect(main.getByText(say("settings.source.environment")).first()).toBeVisible();
  await expect(main.getByText(say("settings.source.default")).first()).toBeVisible();
  await expect(main.getByText(say("settings.secret")).first()).toBeVisible();
  expect(await page.content()).not.toContain("sk-platform-key-of-the-suite");
  watch.check();
  await context.close();
});

test("health tells when the engine is away", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  watch.allowOutage();
  const page = await context.newPage();
  await page.goto("/operator/health");
  await settle(page);
  await expect(page.getByText(say("health.part.engine"), { exact: true })).toBeVisible();
  gallery.creel.engine("down");
  await expect(page.getByRole("main").getByText(say("health.whole.down"))).toBeVisible({ timeout: 15_000 });
  gallery.creel.engine("");
  await expect(page.getByRole("main").getByText(say("health.whole.down"))).toBeHidden({ timeout: 15_000 });
  watch.check();
  await context.close();
});
