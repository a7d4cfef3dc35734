// `creel serve` as a process: started on data of its own, killed for real, started again on the same data and address.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./port";
import type { Places } from "./stage";

const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), ".cache/creel/target");
export const BINARY = process.env.CREEL_BINARY ?? join(target, "debug/creel");
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const READY_WITHIN = 30_000;

export type Setup = {
  places: Places;
  /** Further environment, for this installation's whole life. */
  env?: Record<string, string>;
  database?: string;
};

export class Creel {
  readonly directory = mkdtempSync(join(tmpdir(), "creel-e2e-"));
  readonly url: string;
  /** Installations side by side on one host must not play their agents at the same addresses. */
  private readonly pool = `127.${16 + Math.floor(Math.random() * 180)}.${Math.floor(Math.random() * 16) * 16}.0/20`;
  private child: ChildProcess | undefined;

  private constructor(
    private readonly port: number,
    private readonly metrics: number,
    private readonly proxy: number,
    private readonly setup: Setup,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(setup: Setup): Promise<Creel> {
    const creel = new Creel(await freePort(), await freePort(), await freePort("0.0.0.0"), setup);
    await creel.launch();
    return creel;
  }

  /** What the server and commands beside it are configured with. */
  environment(): Record<string, string> {
    const { telegram, openai, anthropic } = this.setup.places;
    return {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "/root",
      CREEL_DATA_DIR: this.directory,
      CREEL_SERVER__LISTEN: `127.0.0.1:${this.port}`,
      CREEL_SERVER__PUBLIC_URL: this.url,
      CREEL_SERVER__METRICS_LISTEN: `127.0.0.1:${this.metrics}`,
      // The suite is one network; without this its sign-ins would be slowed down like an attacker's.
      CREEL_SERVER__TRUSTED_PROXIES: '["127.0.0.1/32"]',
      CREEL_SERVER__DRAIN_NOTICE_MS: "0",
      CREEL_PROXY__PORT: String(this.proxy),
      CREEL_DRIVER__KIND: "fake",
      CREEL_NETWORK__POOL: this.pool,
      CREEL_SIGNUP__OPEN: "true",
      CREEL_LIFECYCLE__RESYNC_S: "1",
      CREEL_TELEGRAM__API_BASE: telegram,
      CREEL_PROVIDERS__OPENAI__BASE_URL: openai,
      CREEL_PROVIDERS__OPENAI__KEY: "sk-platform-key-of-the-suite",
      CREEL_PROVIDERS__ANTHROPIC__BASE_URL: anthropic,
      ...(this.setup.database ? { CREEL_DATABASE__URL: this.setup.database } : {}),
      ...this.setup.env,
    };
  }

  /** Starts the process on the same data, with further environment for this run only. */
  async launch(extra: Record<string, string> = {}): Promise<void> {
    const child = spawn(BINARY, ["serve"], {
      env: { ...this.environment(), ...extra },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (chunk: Buffer) => appendFileSync(join(this.directory, "creel.log"), chunk);
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    this.child = child;
    await this.ready();
  }

  private async ready(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN;
    while (Date.now() < deadline && this.child?.exitCode === null) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(50);
    }
    throw new Error(`the server is not ready:\n${this.log()}`);
  }

  log(): string {
    return existsSync(join(this.directory, "creel.log")) ? readFileSync(join(this.directory, "creel.log"), "utf8") : "";
  }

  /** The one-time code that makes the first operator, as a person reads it after the start. */
  async setupCode(): Promise<string> {
    // It is printed a moment after the server is ready.
    for (const deadline = Date.now() + 5_000; Date.now() < deadline; await pause(20)) {
      const last = [...this.log().matchAll(/--setup-code (\S+)/g)].at(-1)?.[1];
      if (last) return last;
    }
    throw new Error(`no set-up code was printed:\n${this.log()}`);
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  /** Switches the fake engine: `down`, `fail <step>`, `slow <ms a step>`, or nothing for a healthy one. */
  engine(state: string): void {
    writeFileSync(join(this.directory, "fake-engine"), state);
  }

  /** The database, for another program. */
  database(): string {
    return this.setup.database ?? `sqlite://${join(this.directory, "creel.db")}`;
  }

  /** A command of the same binary on the same data. */
  async run(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(BINARY, args, { env: this.environment() });
    return stdout;
  }

  async remove(): Promise<void> {
    await this.end("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}
