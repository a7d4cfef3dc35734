// The fixtures of every spec: one server and one stage for a worker, and for each test a fresh person who is watched.
import { test as base, expect } from "@playwright/test";
import { Creel } from "./creel";
import { appointOperator, freshEmail, type Person, signUp } from "./person";
import { Stage } from "./stage";
import { Watch } from "./watch";

type Worker = { stage: Stage; creel: Creel };
type Each = {
  /** Faults of the test's pages; checked at its end. */
  watch: Watch;
  /** The owner of a new, empty tenant; the browser is signed in as them. */
  person: Person;
};

export const test = base.extend<Each, Worker>({
  stage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern to know the dependencies
    async ({}, use) => {
      const stage = await Stage.start();
      await use(stage);
      await stage.stop();
    },
    { scope: "worker" },
  ],
  creel: [
    async ({ stage }, use) => {
      const creel = await Creel.start({ places: stage.places, env: { CREEL_DRIVER__FAKE_STEP_MS: "60" } });
      await appointOperator(creel);
      await use(creel);
      await creel.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ creel }, use) => use(creel.url),
  watch: [
    async ({ context, creel }, use) => {
      const watch = new Watch(context, creel.url);
      await watch.start();
      await use(watch);
      watch.check();
    },
    { auto: true },
  ],
  person: async ({ context, creel, watch: _ }, use) => {
    await use(await signUp(creel, context, freshEmail()));
  },
});

export { expect };
