// `make screenshots`: every screen at two widths in both colour schemes, for eyes.
import { fileURLToPath } from "node:url";
import { test } from "../../house/gallery";
import { open } from "../../house/look";
import { SCREENS } from "../../house/screens";

const FOLDER = fileURLToPath(new URL("../../../screenshots", import.meta.url));
const WIDTHS = [390, 1280];
const SCHEMES = ["light", "dark"] as const;

for (const screen of SCREENS) {
  test(screen.name, async ({ browser, gallery }) => {
    const { context } = await gallery.visit(browser, screen.as);
    const page = await context.newPage();
    await screen.prepare?.(page);
    for (const width of WIDTHS) {
      for (const colorScheme of SCHEMES) {
        await page.setViewportSize({ width, height: width < 600 ? 844 : 860 });
        await page.emulateMedia({ colorScheme });
        await open(page, screen.path);
        await screen.act?.(page);
        // Charts draw after their data is there.
        await page.waitForTimeout(300);
        await page.screenshot({ path: `${FOLDER}/${screen.name}-${width}-${colorScheme}.png`, fullPage: true });
      }
    }
    await context.close();
  });
}
