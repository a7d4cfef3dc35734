// Without a mouse: signing in, making an agent, switching it off.
import { pressOn, typeInto } from "../house/keyboard";
import { PASSWORD } from "../house/person";
import { expect, test } from "../house/test";
import { words } from "../house/words";

test("an agent is made and stopped by keyboard alone", async ({ context, page, person }) => {
  test.setTimeout(60_000);
  await context.clearCookies();
  await page.goto("/login");
  await typeInto(page, page.getByLabel(words("shell:email")), person.email);
  await typeInto(page, page.getByLabel(words("public:password.label"), { exact: true }), PASSWORD);
  await page.keyboard.press("Enter");
  await pressOn(page, page.getByRole("link", { name: words("instance:first.create") }));
  await typeInto(page, page.getByLabel(words("wizard:name.name"), { exact: true }), "Nele");
  const on = page.getByRole("button", { name: words("common:action.continue"), exact: true });
  await pressOn(page, on);
  await expect(page.getByRole("heading", { name: words("wizard:model.title") })).toBeVisible();
  await pressOn(page, on);
  await expect(page.getByRole("heading", { name: words("wizard:channel.title") })).toBeVisible();
  await pressOn(page, page.getByRole("button", { name: words("common:action.skip") }));
  await pressOn(page, page.getByRole("button", { name: words("wizard:create") }));
  await expect(page.getByRole("heading", { name: words("wizard:made.ready", { name: "Nele" }) })).toBeVisible({
    timeout: 15_000,
  });
  await pressOn(page, page.getByRole("link", { name: words("wizard:made.go") }));
  await pressOn(page, page.getByRole("button", { name: words("instance:action.label") }));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await pressOn(
    page,
    page.getByRole("dialog").getByRole("button", { name: words("instance:action.stop.verb"), exact: true }),
  );
  await expect(page.getByText(words("instance:now.stopped"))).toBeVisible();
});
