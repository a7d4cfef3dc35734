import { expect, test } from "vitest";
import { type Setting, sections } from "./sections";

const setting = (key: string, more: Partial<Setting> = {}): Setting => ({
  key,
  source: "default",
  description: `What ${key} does.`,
  secret: false,
  ...more,
});
const ALL = [
  setting("data_dir", { value: "/var/lib/creel" }),
  setting("server.listen", { source: "environment", source_name: "CREEL_SERVER__LISTEN" }),
  setting("server.public_url"),
];
const shape = (query: string) =>
  sections(ALL, query).map(({ name, settings }) => [name, ...settings.map(({ key }) => key)]);

test("sections by the first part of the key", () => {
  expect(shape("")).toEqual([
    ["", "data_dir"],
    ["server", "server.listen", "server.public_url"],
  ]);
});

test.each([
  ["listen", [["server", "server.listen"]]],
  ["var/lib", [["", "data_dir"]]],
  ["CREEL_", [["server", "server.listen"]]],
  ["server url", [["server", "server.public_url"]]],
  ["nothing", []],
])("%s", (query, found) => expect(shape(query)).toEqual(found));
