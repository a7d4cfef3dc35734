// A Postgres of the test's own, so that it can be stopped under a running server. Never the machine's, never the suite's.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "./port";

const VERSIONS = "/usr/lib/postgresql";

export class Postgres {
  private constructor(
    private readonly directory: string,
    private readonly port: number,
  ) {}

  static async start(): Promise<Postgres> {
    const directory = mkdtempSync(join(tmpdir(), "creel-e2e-pg-"));
    chmodSync(directory, 0o777);
    const postgres = new Postgres(directory, await freePort());
    postgres.command(
      "initdb",
      "--username",
      "creel",
      "--auth",
      "trust",
      "--encoding",
      "UTF8",
      "--locale",
      "C.UTF-8",
      "--no-sync",
    );
    postgres.go();
    return postgres;
  }

  get url(): string {
    return `postgres://creel@127.0.0.1:${this.port}/postgres`;
  }

  go(): void {
    const options = `-p ${this.port} -h 127.0.0.1 -k ${this.directory} -F`;
    this.command("pg_ctl", "--log", join(this.directory, "log"), "--options", options, "--wait", "start");
  }

  /** At once, as when its machine dies. */
  stop(): void {
    this.command("pg_ctl", "--mode", "immediate", "stop");
  }

  remove(): void {
    try {
      this.stop();
    } catch {
      // It is stopped already.
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Postgres refuses to run as root, so root lends it to the packaged user. */
  private command(name: string, ...args: string[]): void {
    const versions = readdirSync(VERSIONS).sort((a, b) => Number(a) - Number(b));
    const program = join(VERSIONS, versions.at(-1) ?? "", "bin", name);
    const whole = [program, "--pgdata", join(this.directory, "data"), ...args];
    const lent = userInfo().uid === 0 ? ["runuser", "-u", "postgres", "--", ...whole] : whole;
    const [first = "", ...rest] = lent;
    execFileSync(first, rest, { cwd: this.directory, stdio: ["ignore", "ignore", "pipe"] });
  }
}
