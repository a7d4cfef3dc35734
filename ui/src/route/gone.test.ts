import { expect, test } from "vitest";
import { isGone, PageGone } from "./gone";

test.each([
  new TypeError("Failed to fetch dynamically imported module: http://localhost:7070/assets/Logs-x.js"),
  new TypeError("error loading dynamically imported module: http://localhost:7070/assets/Logs-x.js"),
  new TypeError("Importing a module script failed."),
  new Error("Unable to preload CSS for /assets/Logs-x.css"),
  new PageGone(),
])("%s is a part that is gone", (error) => expect(isGone(error)).toBe(true));

test.each([new TypeError("x is not a function"), new Error(""), "Failed to fetch", undefined])(
  "%s is something else",
  (error) => expect(isGone(error)).toBe(false),
);
