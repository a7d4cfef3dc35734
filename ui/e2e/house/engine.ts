// The real engine: an installation of its own on the docker driver, and nothing of it left behind.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Creel } from "./creel";
import { appointOperator } from "./person";
import { BINARY as STAGE, type Stage } from "./stage";

const IMAGE = "creel/openclaw:2026.9.6";

export class Engine {
  private constructor(
    readonly creel: Creel,
    private readonly cluster: string,
    private readonly directory: string,
  ) {}

  static async start(stage: Stage): Promise<Engine> {
    const image = execFileSync("docker", ["image", "inspect", "--format", "{{.Id}}", IMAGE]).toString().trim();
    const directory = mkdtempSync(join(tmpdir(), "creel-e2e-engine-"));
    const database = `sqlite://${join(directory, "creel.db")}`;
    const { stdout } = await promisify(execFile)(STAGE, ["release", "--database", database, "--image", image]);
    const env = { CREEL_DRIVER__KIND: "docker", CREEL_NETWORK__POOL: pool() };
    const creel = await Creel.start({ places: stage.places, database, env });
    await appointOperator(creel);
    return new Engine(creel, stdout.trim(), directory);
  }

  /** Names of everything of this installation that the engine holds. */
  objects(): string[] {
    const filter = ["--filter", `label=io.creel.cluster=${this.cluster}`];
    const list = (...args: string[]) =>
      execFileSync("docker", [...args, ...filter])
        .toString()
        .split("\n")
        .filter(Boolean);
    return [
      ...list("ps", "--all", "--format", "container {{.Names}}"),
      ...list("network", "ls", "--format", "network {{.Name}}"),
      ...list("volume", "ls", "--format", "volume {{.Name}}"),
    ];
  }

  async remove(): Promise<void> {
    await this.creel.remove();
    for (const object of this.objects()) {
      const [kind = "", name = ""] = object.split(" ");
      execFileSync("docker", kind === "container" ? ["rm", "--force", name] : [kind, "rm", name], { stdio: "ignore" });
    }
    this.sweepFirewall();
    for (const base of ["/run/creel", "/dev/shm/creel"])
      rmSync(join(base, this.cluster), { recursive: true, force: true });
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** The table that a killed server left: over the same addresses it would shut out the next one. */
  private sweepFirewall(): void {
    const tables = execFileSync("nft", ["list", "tables"]).toString();
    for (const [, table = ""] of tables.matchAll(/^table inet (creel_\w+)$/gm)) {
      if (table.startsWith(`creel_${this.cluster.slice(0, 12)}`))
        execFileSync("nft", ["delete", "table", "inet", table]);
    }
  }
}

/** A /20 of its own: installations side by side must not lease the same addresses on one engine. */
function pool(): string {
  const below = (end: number) => Math.floor(Math.random() * end);
  return `10.${210 + below(40)}.${below(16) * 16}.0/20`;
}
