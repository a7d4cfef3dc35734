// What every screen owes its reader: it comes to rest, names its parts, and fits its width.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, type Request } from "@playwright/test";
import { SHAKEN } from "./watch";

/** Opens a page and waits for it; once more if the host's network changed under its feet, which no server can help. */
export async function open(page: Page, path: string): Promise<void> {
  let shaken = false;
  const note = (request: Request) => {
    shaken ||= request.failure()?.errorText === SHAKEN;
  };
  page.on("requestfailed", note);
  for (let tries = 0; ; tries += 1) {
    shaken = false;
    try {
      await page.goto(path);
      await settle(page);
      break;
    } catch (error) {
      if (!shaken || tries === 2) throw error;
    }
  }
  page.off("requestfailed", note);
}

/** Waits until nothing of the page is still awaited: its title is there, and no skeleton is. */
export async function settle(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.locator("[aria-busy=true], .mantine-Skeleton-root, [data-pending]")).toHaveCount(0, {
    timeout: 10_000,
  });
  await page.evaluate(() => document.fonts.ready);
}

/** axe: nothing serious, nothing critical. In the other colour scheme only the colours can differ. */
export async function expectAccessible(page: Page, onlyColours = false): Promise<void> {
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (onlyColours) axe.withRules(["color-contrast", "link-in-text-block"]);
  const { violations } = await axe.analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const said = grave.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n  ${nodes
        .map(({ html }) => html)
        .slice(0, 3)
        .join("\n  ")}`,
  );
  expect(said, `axe on ${page.url()}`).toEqual([]);
}

/** The page itself never scrolls sideways; a wide table may, inside its own frame. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const tooWide = await page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter(
      (element) => element.getBoundingClientRect().right > root.clientWidth + 1,
    );
    const outermost = wide.filter((element) => !wide.includes(element.parentElement as Element));
    return [
      `${root.scrollWidth} > ${root.clientWidth}`,
      ...outermost.slice(0, 4).map((e) => e.outerHTML.slice(0, 160)),
    ];
  });
  expect(tooWide, `sideways scrolling on ${page.url()}`).toEqual([]);
}
