// The browser suite: the real binary, the real Chromium of the distribution, one worker because the machine is small.
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const here = fileURLToPath(new URL(".", import.meta.url));
const results = `${here}/../test-results`;

export default defineConfig({
  testDir: `${here}/spec`,
  workers: 1,
  fullyParallel: false,
  // A test that passes at the second try is a bug that nobody looks at.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: process.env.CI ? [["list"], ["junit", { outputFile: `${results}/e2e.xml` }]] : [["list"]],
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "UTC",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    actionTimeout: 10_000,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CREEL_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  // Each project has an output folder of its own: two of them may run at the same time.
  projects: [
    { name: "console", outputDir: `${results}/console`, testIgnore: ["**/engine/**", "**/look/**", "**/bench/**"] },
    { name: "engine", outputDir: `${results}/engine`, testMatch: "**/engine/**", timeout: 240_000 },
    { name: "look", outputDir: `${results}/look`, testMatch: "**/look/**", timeout: 120_000 },
    { name: "bench", outputDir: `${results}/bench`, testMatch: "**/bench/**" },
  ],
});
