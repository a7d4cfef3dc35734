// Watches every word a page ever shows, also those that are gone a moment later.
import { expect, type Page } from "@playwright/test";

/** What nobody may ever read on a screen. */
export const TECHNICAL: [name: string, pattern: RegExp][] = [
  ["a token of ours", /\b(creel|crs|cik)_[0-9a-f]{8}/],
  ["a bot token", /\d{8,}:[A-Za-z0-9_-]{30,}/],
  ["JSON", /\{"/],
  ["a stack trace", /\n\s+at \S+ \(|panicked at|TypeError|undefined is not/],
  ["a close code", /\b1008\b/],
  ["a gateway's port", /\b(18789|7080|7070)\b/],
  ["a local address", /\b(127\.0\.0\.1|localhost):\d+/],
  ["a raw value", /\[object Object\]|\bundefined\b|\bNaN\b/],
];

export class Canary {
  private readonly heard = new Map<string, string>();

  private constructor(
    private readonly forbidden: [string, RegExp][],
    private readonly excepted: string,
  ) {}

  /** The vendor's address is shown beside its key, and the vendor of these tests lives on this host: it is excepted. */
  static async watch(page: Page, vendor: string, more: [string, RegExp][] = []): Promise<Canary> {
    const canary = new Canary([...TECHNICAL, ...more], new URL(vendor).host);
    await page.exposeBinding("creelHeard", (_, text: string) => canary.hear(text));
    await page.addInitScript(() => {
      let told = "";
      const tell = () => {
        // biome-ignore lint/performance/useDomNodeTextContent: only what is visible counts, and scripts are text, too
        const text = document.body?.innerText ?? "";
        if (text === told) return;
        told = text;
        (window as unknown as { creelHeard?: (text: string) => void }).creelHeard?.(text);
      };
      const watch = new MutationObserver(tell);
      document.addEventListener("DOMContentLoaded", () => {
        watch.observe(document.body, { childList: true, subtree: true, characterData: true });
        tell();
      });
    });
    return canary;
  }

  private hear(shown: string): void {
    const text = shown.replaceAll(this.excepted, "the vendor");
    for (const [name, pattern] of this.forbidden) {
      const found = pattern.exec(text);
      if (found) this.heard.set(name, text.slice(Math.max(0, found.index - 60), found.index + 80));
    }
  }

  check(): void {
    expect(Object.fromEntries(this.heard), "technical words on the screen").toEqual({});
  }
}
