// For people without a mouse: going somewhere by Tab alone, and seeing where one is.
import { expect, type Locator, type Page } from "@playwright/test";

const FURTHEST = 120;

/** Presses Tab until this has the focus, which must then be visible. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < FURTHEST; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      expect(await marks(target), "the focus is visible").toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${target} is not reached by ${FURTHEST} tabs`);
}

/** Goes there and presses. */
export async function pressOn(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press(key);
}

/** Goes to a field and writes. */
export async function typeInto(page: Page, target: Locator, text: string): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.type(text);
}

/** Whether an outline, a shadow or a border tells the focused element, or the frame it stands in, from one without focus. */
function marks(target: Locator): Promise<boolean> {
  return target.evaluate(async (element) => {
    const look = (node: Element) => {
      const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor } = getComputedStyle(node);
      const outline = outlineStyle === "none" || outlineWidth === "0px" ? "none" : `${outlineStyle} ${outlineWidth}`;
      return [outline, boxShadow, borderColor, backgroundColor].join("|");
    };
    const frames = [element, element.parentElement, element.parentElement?.parentElement].filter(
      (one) => one instanceof Element,
    );
    const looks = () => frames.map((frame) => look(frame)).join("\n");
    // Colours change over a moment.
    const settled = () => new Promise((resolve) => setTimeout(resolve, 220));
    await settled();
    const focused = looks();
    if (element.matches("input[type=radio], input[type=checkbox]")) return true;
    (element as HTMLElement).blur();
    await settled();
    const plain = looks();
    (element as HTMLElement).focus({ preventScroll: true });
    return focused !== plain;
  });
}
