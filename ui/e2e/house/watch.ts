// What no page may ever do, whatever a test is about: complain, break the policy, call strangers, meet a server that fails.
import { type BrowserContext, expect, type Page, type Request } from "@playwright/test";

/** What Chromium calls it. */
export const SHAKEN = "net::ERR_NETWORK_CHANGED";

export class Watch {
  private readonly faults: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(
    private readonly context: BrowserContext,
    private readonly origin: string,
  ) {}

  async start(): Promise<void> {
    await this.context.exposeBinding("creelPolicyBroken", (_, what: string) => this.blame(`CSP: ${what}`));
    await this.context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const tell = (window as unknown as { creelPolicyBroken?: (what: string) => void }).creelPolicyBroken;
        tell?.(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    this.context.on("page", (page) => this.follow(page));
    for (const page of this.context.pages()) this.follow(page);
  }

  /** A fault that the test brings about on purpose. */
  allow(...faults: RegExp[]): void {
    this.expected.push(...faults);
  }

  /** The test is about a server that is away: whatever cannot be loaded then is no fault. */
  allowOutage(): void {
    this.allow(/ERR_CONNECTION/, /ERR_EMPTY_RESPONSE/, /ERR_INCOMPLETE_CHUNKED/, /status of 5\d\d/, /^HTTP 5\d\d/);
  }

  check(): void {
    const left = this.faults.filter((fault) => !this.expected.some((allowed) => allowed.test(fault)));
    expect(left, "faults seen while the test ran").toEqual([]);
  }

  private blame(fault: string): void {
    this.faults.push(fault);
  }

  private follow(page: Page): void {
    page.on("pageerror", (error) => this.blame(`exception: ${error.stack ?? error.message}`));
    page.on("console", (message) => {
      // Chromium logs every refused request by itself; those are judged by their status below.
      const refused = /Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
      // It also drops every connection when an interface of the host comes or goes: a container elsewhere, no fault of the page.
      const shaken = message.text().includes(SHAKEN);
      if (message.type() === "error" && !refused && !shaken)
        this.blame(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("request", (request) => this.judge(request));
    page.on("response", (response) => {
      if (response.status() >= 500) this.blame(`HTTP ${response.status()} ${response.url()}`);
    });
  }

  private judge(request: Request): void {
    const url = new URL(request.url());
    const ours = url.origin === this.origin || url.protocol === "data:" || url.protocol === "blob:";
    if (!ours) this.blame(`foreign request: ${request.url()}`);
  }
}
