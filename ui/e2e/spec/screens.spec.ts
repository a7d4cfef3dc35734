// Every screen, whatever else is tested of it: axe finds nothing grave, a phone needs no sideways scrolling, and the page never complains.
import { test } from "../house/gallery";
import { expectAccessible, expectNoOverflow, open } from "../house/look";
import { SCREENS } from "../house/screens";

for (const screen of SCREENS) {
  test(`${screen.name} is accessible and fits a phone`, async ({ browser, gallery }) => {
    const { context, watch } = await gallery.visit(browser, screen.as, { viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    await screen.prepare?.(page);
    await open(page, screen.path);
    await expectNoOverflow(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await screen.act?.(page);
    await expectAccessible(page);
    await page.emulateMedia({ colorScheme: "dark" });
    await expectAccessible(page, true);
    watch.check();
    await context.close();
  });
}
