// The house itself: a fake agent answers, keeps answering after a kill, and its log tells of it.
import { ANN } from "../house/stage";
import { expect, test } from "../house/test";

test("an agent of the fake driver answers through the real proxies, and again after a kill", async ({
  creel,
  person,
  stage,
}) => {
  const bot = await stage.bot();
  await stage.model({ text: "The tide is coming in." });
  await person.instance("crab", {
    model: "openai/gpt-5.4-mini",
    telegram: { token: bot.token, allow_from: [ANN.id] },
  });
  await stage.say(bot, "Hello?");
  await expect.poll(() => stage.sent(bot)).toEqual([{ chat_id: ANN.id, text: "The tide is coming in." }]);

  await creel.kill();
  await creel.launch();
  await person.until("crab", "running");
  await stage.say(bot, "Still there?");
  await expect.poll(async () => (await stage.sent(bot)).length).toBe(2);
});
