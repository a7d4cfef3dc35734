// The browser suite: the real binary, the real Chromium of the distribution, one worker because the machine is small.
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const here = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  testDir: `${here}/spec`,
  outputDir: `${here}/../test-results`,
  workers: 1,
  fullyParallel: false,
  // A test that passes at the second try is a bug that nobody looks at.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: process.env.CI ? [["list"], ["junit", { outputFile: `${here}/../test-results/e2e.xml` }]] : [["list"]],
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
  projects: [
    { name: "console", testIgnore: ["**/engine/**", "**/look/**", "**/bench/**"] },
    { name: "engine", testMatch: "**/engine/**", timeout: 240_000 },
    { name: "look", testMatch: "**/look/**", timeout: 120_000 },
    { name: "bench", testMatch: "**/bench/**" },
  ],
});
