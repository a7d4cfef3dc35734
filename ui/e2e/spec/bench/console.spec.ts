// `make bench-console`: 500 agents and ninety days of use. Prints one JSON line per figure; a figure that misses its bar fails nothing.
import { availableParallelism, loadavg } from "node:os";
import { type Browser, test as base, type Page } from "@playwright/test";
import { Gallery } from "../../house/gallery";
import { Stage } from "../../house/stage";

const AGENTS = 500;
const ROUNDS = 5;
const INTERACTIVE_MS = 1_000;
const FRAMES = 50;

const PAGES = [
  { name: "list", path: "/instances", there: "main a[href^='/instances/'], main [role=row]" },
  { name: "usage", path: "/usage", there: "main svg[role=img], main table" },
];

const test = base.extend<object, { gallery: Gallery }>({
  gallery: [
    async ({ browser }, use) => {
      const stage = await Stage.start();
      const gallery = await Gallery.open(browser, stage, AGENTS);
      await atRest(gallery);
      await use(gallery);
      await gallery.close();
      await stage.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],
});

for (const { name, path, there } of PAGES) {
  test(name, async ({ browser, gallery }) => {
    test.setTimeout(300_000);
    const seen: Seen[] = [];
    for (let round = 0; round < ROUNDS; round += 1) seen.push(await untilInteractive(browser, gallery, path, there));
    const share = { api_ms: median(seen.map(({ api }) => api)), script_ms: median(seen.map(({ script }) => script)) };
    tell(`${name}_interactive_ms`, median(seen.map(({ at }) => at)), INTERACTIVE_MS, "at most", share);
    const { context } = await gallery.visit(browser, "owner", {
      viewport: { width: 1280, height: 800 },
      reducedMotion: "no-preference",
    });
    const page = await context.newPage();
    await page.goto(path);
    await page.locator(there).first().waitFor();
    tell(`${name}_scroll_fps`, await framesPerSecond(browser, page), FRAMES, "at least");
    await context.close();
  });
}

/** The fleet that was written into the database has started: what is measured is the console, not three hundred starts. */
async function atRest(gallery: Gallery): Promise<void> {
  const owner = await gallery.owner();
  const starting = async () =>
    (await owner.get<{ items: unknown[] }>("/instances?limit=1&state=starting")).items.length;
  let calm = 0;
  for (const deadline = Date.now() + 120_000; Date.now() < deadline && calm < 5; ) {
    calm = (await starting()) === 0 ? calm + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

interface Seen {
  /** When rows were on the screen and the main thread idle, milliseconds after the navigation began. */
  at: number;
  /** Until the last answer of the API was there. */
  api: number;
  /** What the main thread worked in all. */
  script: number;
}

/** Each round is a fresh browser context with an empty cache. */
async function untilInteractive(browser: Browser, gallery: Gallery, path: string, there: string): Promise<Seen> {
  const { context } = await gallery.visit(browser, "owner");
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  await page.goto(path, { waitUntil: "commit" });
  await page.locator(there).first().waitFor({ state: "visible" });
  const at = await page.evaluate(
    () => new Promise<number>((resolve) => requestIdleCallback(() => resolve(performance.now()), { timeout: 5_000 })),
  );
  const api = await page.evaluate((until) => {
    const answers = performance.getEntriesByType("resource").filter(({ name }) => name.includes("/api/"));
    const ends = answers.map((entry) => (entry as PerformanceResourceTiming).responseEnd).filter((end) => end <= until);
    return Math.max(0, ...ends);
  }, at);
  const { metrics } = await session.send("Performance.getMetrics");
  const task = metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
  await context.close();
  return { at, api, script: task * 1_000 };
}

/** Frames that Chromium drew while the page was scrolled from top to bottom and back, by its own trace. */
async function framesPerSecond(browser: Browser, page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await browser.startTracing(page, {
    categories: ["disabled-by-default-devtools.timeline.frame", "devtools.timeline.frame", "benchmark"],
  });
  // Back and forth as far as there is page: at its end nothing moves, and what does not move is not drawn.
  const far = await page.evaluate(() => Math.min(6_000, document.documentElement.scrollHeight - window.innerHeight));
  const turns = Array.from({ length: Math.ceil(6_000 / far) }, () => [-far, far]).flat();
  const began = Date.now();
  for (const yDistance of turns) {
    await session.send("Input.synthesizeScrollGesture", {
      x: 640,
      y: 500,
      yDistance,
      speed: 2_500,
      gestureSourceType: "mouse",
    });
  }
  const seconds = (Date.now() - began) / 1_000;
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: { name: string; ts: number }[] };
  const drawn = trace.traceEvents.filter(({ name }) => name === "DrawFrame");
  return Math.round((drawn.length / seconds) * 10) / 10;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? Number.NaN);
}

function tell(metric: string, value: number, must: number, sense: "at most" | "at least", more: object = {}): void {
  // Figures of a busy machine say little about the console.
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const cores = availableParallelism();
  const ok = sense === "at most" ? value <= must : value >= must;
  process.stdout.write(
    `${JSON.stringify({ case: "console", metric, creel: value, must, sense, agents: AGENTS, days: 90, load, cores, ...more, ok })}\n`,
  );
}
