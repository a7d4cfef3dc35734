// Signing up, in and out; sessions, password, address, tokens; and the doors that stay shut.
import { Creel } from "../house/creel";
import { freshEmail, PASSWORD, signIn } from "../house/person";
import { expect, test } from "../house/test";
import { words } from "../house/words";

const say = (key: string, values?: Record<string, string | number>) => words(`account:${key}`, values);

test("a wrong password is told without saying which half was wrong", async ({ page, watch: _ }) => {
  await page.goto("/login");
  await page.getByLabel(words("shell:email")).fill(freshEmail("nobody"));
  await page.getByLabel(words("public:password.label"), { exact: true }).fill("not the password");
  await page.getByRole("button", { name: words("shell:sign_in"), exact: true }).click();
  await expect(page.getByText(words("public:refused.title"))).toBeVisible();
});

test("whoever is not signed in comes back to where they were going", async ({ browser, creel, page, person }) => {
  await page.goto("/usage");
  await page.context().clearCookies();
  const stranger = await browser.newContext({ baseURL: creel.url });
  const fresh = await stranger.newPage();
  await fresh.goto("/usage");
  await expect(fresh).toHaveURL(/\/login/);
  await fresh.getByLabel(words("shell:email")).fill(person.email);
  await fresh.getByLabel(words("public:password.label"), { exact: true }).fill(PASSWORD);
  await fresh.getByRole("button", { name: words("shell:sign_in"), exact: true }).click();
  await expect(fresh).toHaveURL(/\/usage/);
  await stranger.close();
});

test("sessions: another browser is listed and ended; a new password ends the others", async ({
  browser,
  creel,
  page,
  person,
}) => {
  const other = await browser.newContext({
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  });
  const elsewhere = await signIn(creel, other, person.email);
  await page.goto("/account");
  await page.getByRole("button", { name: new RegExp(`^${say("session.end_of", { name: "Firefox" })}`) }).click();
  await expect(page.getByText(say("session.ended"))).toBeVisible();
  await expect(elsewhere.get("/me")).rejects.toThrow(/401/);

  const third = await browser.newContext();
  const again = await signIn(creel, third, person.email);
  await page.getByRole("button", { name: say("password.change") }).click();
  await page.getByLabel(say("password.current"), { exact: true }).fill(PASSWORD);
  await page.getByLabel(say("password.new"), { exact: true }).fill("another horse battery");
  await page
    .getByRole("button", { name: say("password.save"), exact: true })
    .last()
    .click();
  await expect(page.getByText(say("password.done"))).toBeVisible();
  await expect(again.get("/me")).rejects.toThrow(/401/);
  await expect(person.get("/me")).resolves.toBeTruthy();
  await Promise.all([other.close(), third.close()]);
});

test("a token is shown once and can be taken back", async ({ creel, page, person: _ }) => {
  await page.goto("/account/tokens");
  await page
    .getByRole("button", { name: say("token.create") })
    .first()
    .click();
  await page.getByLabel(say("token.name"), { exact: true }).fill("Backup script");
  await page
    .getByRole("button", { name: say("token.create"), exact: true })
    .last()
    .click();
  await expect(page.getByText(say("token.new.once"))).toBeVisible();
  const shown =
    (await page
      .getByText(/^creel_[0-9a-f]{16}_/)
      .first()
      .textContent()) ?? "";
  const asks = () => fetch(`${creel.url}/api/v1/me`, { headers: { authorization: `Bearer ${shown.trim()}` } });
  expect((await asks()).status).toBe(200);
  await page.getByRole("button", { name: say("token.new.kept") }).click();
  await expect(page.getByText(shown)).toBeHidden();
  await page.getByRole("button", { name: say("token.revoke_of", { name: "Backup script" }) }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: say("token.revoke"), exact: true })
    .click();
  await expect(page.getByText(say("token.revoked", { name: "Backup script" }))).toBeVisible();
  expect((await asks()).status).toBe(401);
});

test("signing out everywhere ends this session too", async ({ page, person }) => {
  await page.goto("/account");
  await page.getByRole("button", { name: say("session.everywhere") }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: say("session.everywhere") })
    .click();
  await expect(page).toHaveURL(/\/(login)?$/);
  await expect(person.get("/me")).rejects.toThrow(/401/);
});

test("the first start: set up with the code, then the door for strangers is shut", async ({ browser, stage }) => {
  const creel = await Creel.start({ places: stage.places, env: { CREEL_SIGNUP__OPEN: "false" } });
  const context = await browser.newContext({ baseURL: creel.url });
  const page = await context.newPage();
  await page.goto("/");
  await page
    .getByRole("main")
    .getByRole("link", { name: words("public:start.setup") })
    .first()
    .click();
  await page.getByLabel(words("public:setup.code")).fill(await creel.setupCode());
  await page.getByLabel(words("shell:email")).fill("first@example.org");
  await page.getByLabel(words("public:password.label"), { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: words("public:setup.go") }).click();
  await expect(page.getByRole("navigation", { name: words("shell:nav.label") })).toBeVisible();
  // The server remembers its own state for a moment.
  const setupNeeded = async () => (await (await fetch(`${creel.url}/api/v1/status`)).json()).setup_needed;
  await expect.poll(setupNeeded).toBe(false);
  await context.clearCookies();
  await page.goto("/");
  await expect(page.getByText(words("public:closed")).first()).toBeVisible();
  await page.goto("/signup");
  await expect(page.getByRole("heading", { name: words("public:signup.closed") })).toBeVisible();
  await context.close();

  await creel.kill();
  await creel.launch({ CREEL_SERVER__MAINTENANCE: "New disks at ten, back at noon." });
  const visitor = await browser.newContext({ baseURL: creel.url });
  await signIn(creel, visitor, "first@example.org");
  const inside = await visitor.newPage();
  await inside.goto("/instances");
  await expect(inside.getByText(/New disks at ten, back at noon\./)).toBeVisible();
  await visitor.close();
  await creel.remove();
});
