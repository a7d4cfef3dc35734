// The world outside: people on Telegram and a model vendor, played by the stage of creel-testkit.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), ".cache/creel/target");
export const BINARY = process.env.CREEL_STAGE ?? join(target, "debug/examples/stage");

export type Places = { control: string; telegram: string; openai: string; anthropic: string };
export type Sent = { chat_id: number; text: string };
export type Weather = { down?: boolean; status?: number; slow_ms?: number };

let bots = 0;

export class Stage {
  private constructor(
    private readonly child: ChildProcess,
    readonly places: Places,
  ) {}

  static async start(): Promise<Stage> {
    // It ends with its standard input, so it cannot outlive this process.
    const child = spawn(BINARY, [], { stdio: ["pipe", "pipe", "inherit"] });
    if (!child.stdout) throw new Error("no output");
    for await (const line of createInterface({ input: child.stdout })) return new Stage(child, JSON.parse(line));
    throw new Error("the stage did not say where it is");
  }

  private async act<T>(path: string, body: unknown = {}): Promise<T> {
    const answer = await fetch(`${this.places.control}/${path}`, { method: "POST", body: JSON.stringify(body) });
    const said = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${said.error}`);
    return said;
  }

  /** A bot that BotFather just made; gives its token. */
  async bot(username?: string, name?: string): Promise<Bot> {
    bots += 1;
    const number = 500_000_000 + (process.pid % 1000) * 10_000 + bots;
    const token = `${number}:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0`;
    const bot = { token, username: username ?? `reef_${bots}_bot`, name: name ?? "Reef" };
    await this.act("bot/add", bot);
    return bot;
  }

  revoke(bot: Bot): Promise<void> {
    return this.act("bot/revoke", { token: bot.token });
  }

  /** A person writes to the bot in private. */
  say(bot: Bot, text: string, from: Human = ANN): Promise<void> {
    return this.act("say", { token: bot.token, from: from.id, name: from.name, username: from.username, text });
  }

  sent(bot: Bot): Promise<Sent[]> {
    return this.act("bot/sent", { token: bot.token });
  }

  telegram(weather: Weather): Promise<void> {
    return this.act("telegram/weather", weather);
  }

  /** What the model says from now on, and how it fares. */
  model(reply: Weather & { text?: string; input?: number; output?: number }): Promise<void> {
    return this.act("llm/reply", reply);
  }

  /** The one key that the vendor knows; none: it takes every key. */
  key(accept?: string, refusal?: string): Promise<void> {
    return this.act("llm/key", { accept, refusal });
  }

  async well(): Promise<void> {
    await this.telegram({});
    await this.model({});
    await this.key();
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.stdin?.end();
    await gone;
  }
}

/** Fills a database with a fleet to look at; the account must exist. */
export async function seed(database: string, email: string, instances = 500, days = 90): Promise<void> {
  const args = ["seed", "--database", database, "--email", email, "--instances", `${instances}`, "--days", `${days}`];
  await promisify(execFile)(BINARY, args);
}

export type Bot = { token: string; username: string; name: string };
export type Human = { id: number; name: string; username?: string };
export const ANN: Human = { id: 4242, name: "Ann", username: "ann_reef" };
