// A plan's rules of model calls: set in plain words, told before they hold, kept as they were typed.
import { expect, test } from "../house/gallery";
import { settle } from "../house/look";
import { words } from "../house/words";

const say = (key: string, values?: Record<string, string | number>) => words(`operator:${key}`, values);
const limit = (key: string, values?: Record<string, string | number>) => words(`common:limit.${key}`, values);

test.beforeEach(() => test.setTimeout(60_000));

interface Plan {
  id: string;
  name: string;
  llm?: object;
}

test("rules are set, shown, and taken away again", async ({ browser, gallery }) => {
  const { context, watch } = await gallery.visit(browser, "operator");
  const page = await context.newPage();
  const plans = async () =>
    ((await (await context.request.get(`${gallery.creel.url}/api/v1/plans`)).json()) as { items: Plan[] }).items;
  const before = (await plans()).find(({ id }) => id === "team");
  const name = before?.name ?? "";
  await page.goto("/operator/plans");
  await settle(page);
  const edit = page.getByRole("button", { name: say("plans.edit_title", { name }) });
  await edit.click();
  const drawer = page.getByRole("dialog", { name: say("plans.edit_title", { name }) });
  const save = drawer.getByRole("button", { name: say("plans.save") });
  const rule = (key: string) => say(`plans.field.llm.${key}`);
  await expect(save).toBeDisabled();

  await drawer.getByRole("button", { name: `${rule("limits")}: ${say("limits.add")}` }).click();
  const amount = drawer.getByRole("textbox", { name: `${rule("limits")} 1: ${limit("field")}` });
  await amount.fill("lots");
  await drawer.getByRole("button", { name: `${rule("limits")}: ${say("limits.add")}` }).click();
  await save.click();
  await expect(drawer.getByText(limit("wrong.number"))).toBeVisible();
  await expect(drawer.getByText(limit("wrong.empty"))).toBeVisible();
  await expect(amount).toBeFocused();
  await amount.fill("1.500000001");
  const free = say("limits.remove_of", {
    limit: limit("per.month", { amount: limit("unit.tokens") }),
    name: rule("limits"),
  });
  await drawer.getByRole("button", { name: free }).click();

  await drawer.getByRole("textbox", { name: rule("concurrency") }).fill("3");
  await drawer.getByRole("combobox", { name: rule("fallback_models") }).fill("openai/gpt-5.4-mini");
  await page.keyboard.press("Enter");
  await drawer.getByText(say("plans.policy.idle.model"), { exact: true }).click();
  await save.click();
  await expect(drawer.getByText(say("plans.policy.choose_model"))).toBeVisible();
  await drawer.getByText(say("plans.policy.idle.canned"), { exact: true }).click();
  await drawer.getByRole("textbox", { name: say("plans.policy.idle_hours") }).fill("48");
  await drawer.getByRole("switch", { name: say("plans.policy.loop") }).check({ force: true });
  await drawer.getByRole("textbox", { name: say("plans.policy.loop_after") }).fill("2");
  const effects = drawer.getByRole("region", { name: say("plans.effects") });
  await expect(effects.getByText(limit("per.month", { amount: "$1.500000001" }))).toBeVisible();
  await save.click();
  // The API's complaint stands at its field, and what was typed stays.
  await expect(drawer.getByRole("textbox", { name: say("plans.policy.loop_after") })).toHaveAttribute(
    "aria-invalid",
    "true",
  );
  await drawer.getByRole("textbox", { name: say("plans.policy.loop_after") }).fill("5");
  await save.click();
  await expect(drawer).toBeHidden();
  expect((await plans()).find(({ id }) => id === "team")?.llm).toMatchObject({
    limits: [{ unit: "nano_usd", window: "month", amount: 1_500_000_001 }],
    concurrency: 3,
    fallback_models: ["openai/gpt-5.4-mini"],
    idle_heartbeat: { after_hours: 48 },
    loop_after: 5,
  });
  await expect(page.getByText(say("plans.policy.idle_then_canned_other", { count: 48 }))).toBeVisible();

  await edit.click();
  await expect(amount).toHaveValue("1.500000001");
  await drawer
    .getByRole("button", {
      name: say("limits.remove_of", { limit: limit("per.month", { amount: "$1.500000001" }), name: rule("limits") }),
    })
    .click();
  await drawer.getByRole("textbox", { name: rule("concurrency") }).fill("");
  await drawer.getByRole("combobox", { name: rule("fallback_models") }).press("Backspace");
  await drawer.getByText(say("plans.policy.idle.on"), { exact: true }).click();
  await drawer.getByRole("switch", { name: say("plans.policy.loop") }).uncheck({ force: true });
  await save.click();
  await expect(drawer).toBeHidden();
  expect((await plans()).find(({ id }) => id === "team")).toEqual(before);
  watch.check();
  await context.close();
});
