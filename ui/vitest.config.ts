// Unit tests of pure parts; pages are proven in a browser (e2e/).
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "~": fileURLToPath(new URL("src", import.meta.url)) } },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
