import { expect, test } from "vitest";
import { agent, health } from "../sample";
import { checks } from "./checks";

test("all is well when nothing was found", () => {
  expect(checks(agent(), health("running")).map(({ status }) => status)).toEqual(["good", "good", "good", "good"]);
});

test("several findings stand at their own links, each with its way out", () => {
  const found = checks(agent({ state: "stopped" }), health("stopped", "stopped", "no_channel", "budget_spent"));
  expect(found).toMatchObject([
    { link: "on", status: "bad", fix: "start" },
    { link: "channel", status: "bad", fix: "channels" },
    { link: "key", status: "good" },
    { link: "budget", status: "bad", fix: "usage" },
  ]);
});

test("an agent on its way up is neither well nor broken", () => {
  expect(checks(agent({ state: "starting" }), health("starting", "starting"))[0]).toEqual({
    link: "on",
    status: "unknown",
    fix: undefined,
  });
});

test("an error carries its cause", () => {
  const found = checks(agent({ state: "error", cause: "crashed" }), health("error", "error"));
  expect(found[0]).toMatchObject({ status: "bad", cause: "crashed", fix: "logs" });
});
