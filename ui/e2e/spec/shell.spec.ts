// The frame: palette, notifications, looks and languages that are remembered, pages that do not exist or are not yours, the reference.
import { settle } from "../house/look";
import { expect, test } from "../house/test";
import { pattern, words } from "../house/words";

test("the palette goes to agents and pages by keyboard alone", async ({ page, person }) => {
  await person.instance("harbour", { name: "Harbour office" });
  await page.goto("/usage");
  await settle(page);
  await page.keyboard.press("Control+k");
  const search = page.getByPlaceholder(words("shell:palette.search"));
  await expect(search).toBeFocused();
  await page.keyboard.type("harbour off");
  await expect(page.getByText("Harbour office").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/instances\/harbour/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("nothing is called so");
  await expect(page.getByText(words("shell:palette.nothing"))).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(search).toBeHidden();
});

test("what ended is told by the bell, once", async ({ page, person }) => {
  await person.instance("harbour", { name: "Harbour office" });
  await page.goto("/instances");
  const bell = page.getByRole("button", { name: new RegExp(`^${words("shell:bell.label")}`) });
  await expect(bell).toHaveAccessibleName(/1/);
  await bell.click();
  await expect(page.getByRole("link", { name: pattern("shell:bell.done.create") })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.reload();
  await expect(bell).toHaveAccessibleName(words("shell:bell.label"));
});

test("dark looks and German are remembered", async ({ page, person: _ }) => {
  await page.goto("/instances");
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: words("shell:menu.dark") }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.getByRole("menuitem", { name: "Deutsch" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
});

test("pages that are not there, and pages that are not yours", async ({ page, person: _ }) => {
  await page.goto("/no/such/page");
  await expect(page.getByRole("heading", { name: words("system:missing.title") })).toBeVisible();
  await page.goto("/instances/nowhere");
  await expect(page.getByRole("heading", { name: words("system:missing.title") })).toBeVisible();
  await page.goto("/operator/instances");
  await expect(page.getByRole("heading", { name: words("system:forbidden.title") })).toBeVisible();
});

test("the reference shows every operation of the document", async ({ page, person }) => {
  const document = await person.get<{ paths: Record<string, Record<string, unknown>> }>("/openapi.json");
  expect(Object.keys(document.paths).length).toBeGreaterThan(40);
  await page.goto("/reference");
  await settle(page);
  await page.getByRole("searchbox", { name: words("reference:list.search") }).fill("telegram/claims");
  await expect(page.getByText("/telegram/claims").first()).toBeVisible();
});
