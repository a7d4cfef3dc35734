// The list of a large fleet: quick to search, to narrow and to open, and hostile names are only names.
import { expect, test } from "../house/gallery";
import { settle } from "../house/look";
import { pattern, words } from "../house/words";

const say = (key: string) => words(`instance:${key}`);

test("search, filters and order over a fleet", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "owner");
  const page = await context.newPage();
  page.on("dialog", () => expect(false, "a name ran as a script").toBe(true));
  await page.goto("/instances");
  await settle(page);
  const main = page.getByRole("main");
  await page.getByRole("searchbox", { name: say("list.search") }).fill("script>");
  await expect(main.getByRole("link", { name: "<script>alert(1)</script>" })).toBeVisible();
  await page.getByRole("searchbox", { name: say("list.search") }).fill("nothing is called so");
  await expect(page.getByText(say("list.nothing"))).toBeVisible();
  await page.getByRole("button", { name: say("list.clear") }).click();

  await page.getByRole("button", { name: new RegExp(`^${say("list.group.attention")}`) }).click();
  await expect(page).toHaveURL(/state=attention/);
  await expect(main.getByText(words("common:state.error")).first()).toBeVisible();
  await expect(main.getByText(words("common:state.stopped"), { exact: true })).toHaveCount(0);
  await page.reload();
  await settle(page);
  await expect(page.getByRole("button", { name: new RegExp(`^${say("list.group.attention")}`) })).toHaveAttribute(
    "aria-pressed",
    "true",
  );

  await main.getByRole("link").filter({ hasText: /\w/ }).first().click();
  await expect(page).toHaveURL(/\/instances\/[a-z0-9-]+$/);
  await settle(page);
  watch.check();
  await context.close();
});

test("the tenant's usage and activity", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "owner");
  const page = await context.newPage();
  await page.goto("/usage");
  await settle(page);
  await expect(page.getByRole("main").getByText(/\$/).first()).toBeVisible();
  await page.goto("/activity");
  await settle(page);
  await expect(
    page.getByRole("main").getByText(pattern("instance:activity.you.instance_create")).first(),
  ).toBeVisible();
  watch.check();
  await context.close();
});

test("the first answers are asked for before the page is read, and only once", async ({ browser, gallery }) => {
  for (const [path, answer] of [
    ["/instances", "/api/v1/instances?limit=200"],
    ["/usage", "/api/v1/usage?days=30"],
  ] as const) {
    const { context } = await gallery.visit(browser, "owner");
    const page = await context.newPage();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url().slice(gallery.creel.url.length)));
    await page.goto(path);
    await settle(page);
    await expect(page.getByRole("main").getByText(/\$/).first()).toBeVisible();
    // What the page asks otherwise than scripts/early.mjs foresaw would be here twice.
    for (const one of ["/api/v1/me", answer, "/api/v1/providers"])
      expect(asked.filter((url) => url === one)).toEqual([one]);
    await context.close();
  }
});
