// Builds the console into dist/, which crates/api embeds. Owns nothing at run time.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { early } from "./scripts/early.mjs";
import { precompress } from "./scripts/precompress.mjs";

/** What pages share among themselves, but the first screen of a stranger does without. */
const KIT = /node_modules[\\/]@(mantine|tabler|tanstack)[\\/]|src[\\/](pattern|format)[\\/]/;

const creel = process.env.CREEL_URL ?? "http://localhost:7070";

export default defineConfig({
  plugins: [react(), early(), precompress()],
  resolve: { alias: { "~": fileURLToPath(new URL("src", import.meta.url)) } },
  // The server puts a fresh nonce in the place of this word in every answer.
  html: { cspNonce: "__CSP_NONCE__" },
  build: {
    target: "es2022",
    // Everything is fetched by name and hash: inlined data: URLs would need a wider policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // What the way in needs comes in one file and what several pages share in a second: fifty small ones cost a quarter of a second of round
    // trips. Codes and the palette stay with the pages that ask for them.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "base", tags: ["$initial"] },
            { name: "kit", test: KIT, minShareCount: 2 },
          ],
        },
      },
    },
    chunkSizeWarningLimit: 700,
  },
  server: {
    port: 5173,
    proxy: {
      "/api": {
        target: creel,
        changeOrigin: true,
        // The server compares Origin with its own address; only this development proxy may rewrite it.
        headers: { origin: new URL(creel).origin },
      },
    },
  },
});
