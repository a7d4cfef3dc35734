// Answers of the real server with something added: for states that take days or a vendor's mistake to come about.
import type { Page } from "@playwright/test";

/** Changes what the page gets for every GET of this path. */
export async function overlay<T>(page: Page, path: string, change: (body: T) => T): Promise<void> {
  await page.route(
    (url) => url.pathname === `/api/v1${path}`,
    async (route) => {
      if (route.request().method() !== "GET") return route.fallback();
      const answer = await route.fetch();
      return route.fulfill({ response: answer, json: change(await answer.json()) });
    },
  );
}

export const PAUSED = {
  reason: "loop",
  detail: "The same step came 8 times in a row, with the same words and the same answer.",
  at: "2026-11-21T12:00:00Z",
};

interface Health {
  healthy: boolean;
  findings: { code: string; message: string }[];
}

/** The agent went round in circles. */
export async function paused(page: Page, slug: string): Promise<void> {
  await overlay<object>(page, `/instances/${slug}`, (agent) => ({ ...agent, paused: PAUSED }));
  await overlay<Health>(page, `/instances/${slug}/health`, (health) => ({
    ...health,
    healthy: false,
    findings: [{ code: "loop_paused", message: PAUSED.detail }, ...health.findings],
  }));
}
