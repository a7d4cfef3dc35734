// A house that has been lived in: an owner with a fleet of ninety days, one agent that talks, and platform staff. Screens are looked at here.
import { type Browser, type BrowserContext, type BrowserContextOptions, request } from "@playwright/test";
import { Creel } from "./creel";
import { appointOperator, Person, STAFF, signIn, signUp } from "./person";
import { SLUG, type Visitor } from "./screens";
import { ANN, type Stage, seed } from "./stage";
import { test as base } from "./test";
import { Watch } from "./watch";

export const OWNER = "mara@example.org";
const HOSTILE_LINES = [
  "<script>alert(1)</script>",
  "\u001b[31mred\u001b[0m \u001b[2J\u001b]0;owned\u0007",
  "right-to-left \u202eevil\u202c again",
  `long ${"x".repeat(10_000)}`,
];

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

export class Gallery {
  private constructor(
    readonly creel: Creel,
    readonly stage: Stage,
    private readonly states: Record<Visitor, State | undefined>,
  ) {}

  static async open(
    browser: Browser,
    stage: Stage,
    instances: number,
    env: Record<string, string> = {},
  ): Promise<Gallery> {
    const creel = await Creel.start({ places: stage.places, env });
    const operator = await browser.newContext();
    await appointOperator(creel);
    await signIn(creel, operator, STAFF);
    const owner = await browser.newContext();
    const mara = await signUp(creel, owner, OWNER);
    const states = { nobody: undefined, owner: await owner.storageState(), operator: await operator.storageState() };
    const gallery = new Gallery(creel, stage, states);
    await gallery.furnish(mara, instances);
    await Promise.all([owner.close(), operator.close()]);
    return gallery;
  }

  private async furnish(mara: Person, instances: number): Promise<void> {
    const bot = await this.stage.bot("harbour_office_bot", "Harbour office");
    await this.stage.model({ text: "Berth 12 is free from noon.", input: 1840, output: 212 });
    await mara.instance(SLUG, {
      name: "Harbour office",
      plan: "team",
      model: "openai/gpt-5.4-mini",
      telegram: { token: bot.token, allow_from: [ANN.id] },
    });
    for (const line of ["Is there a berth for tonight?", ...HOSTILE_LINES]) await this.stage.say(bot, line);
    await until(async () => (await this.stage.sent(bot)).length > HOSTILE_LINES.length);
    await mara.post("/tokens", { name: "Deploy script" });
    await seed(this.creel.database(), OWNER, instances);
  }

  /** A browser of this visitor, watched. */
  async visit(
    browser: Browser,
    as: Visitor,
    options: BrowserContextOptions = {},
  ): Promise<{ context: BrowserContext; watch: Watch }> {
    const context = await browser.newContext({
      baseURL: this.creel.url,
      locale: "en-GB",
      timezoneId: "UTC",
      reducedMotion: "reduce",
      storageState: this.states[as],
      ...options,
    });
    const watch = new Watch(context, this.creel.url);
    await watch.start();
    return { context, watch };
  }

  /** The owner, for what is arranged behind the browser's back. */
  async owner(): Promise<Person> {
    const api = await request.newContext({ storageState: this.states.owner });
    return new Person(OWNER, this.creel, api);
  }

  close(): Promise<void> {
    return this.creel.remove();
  }
}

async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error("the agent did not answer everything");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const test = base.extend<object, { gallery: Gallery }>({
  gallery: [
    async ({ browser, stage }, use) => {
      const gallery = await Gallery.open(browser, stage, 60);
      await use(gallery);
      await gallery.close();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

export { expect } from "@playwright/test";
