// Opening a page changes nothing, whatever its address says (security.md B5): every screen with a hostile query sends no unsafe request.
import type { Request } from "@playwright/test";
import { expect, test } from "../house/gallery";
import { settle } from "../house/look";
import { SCREENS, type Visitor } from "../house/screens";

const HOSTILE =
  "?mode=auto&action=delete&confirm=1&step=review&create=1&next=//evil.example&agent=harbour&operation=op_1&token=x#code=1";

const unsafe = (request: Request) => !["GET", "HEAD", "OPTIONS"].includes(request.method());

for (const visitor of ["nobody", "owner", "operator"] satisfies Visitor[]) {
  test(`links change nothing for ${visitor}`, async ({ browser, gallery }) => {
    test.slow();
    const { context } = await gallery.visit(browser, visitor, {});
    const page = await context.newPage();
    const sent: string[] = [];
    page.on("request", (request) => {
      if (unsafe(request)) sent.push(`${request.method()} ${request.url()} on ${page.url()}`);
    });
    for (const screen of SCREENS.filter((one) => one.as === visitor)) {
      await page.goto(screen.path + HOSTILE);
      await settle(page);
      expect(new URL(page.url()).hostname).not.toContain("evil");
    }
    expect(sent).toEqual([]);
    await context.close();
  });
}
