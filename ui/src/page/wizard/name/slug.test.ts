import { expect, test } from "vitest";
import { slugFor } from "./slug";

test.each([
  ["Family helper", "family-helper"],
  ["  Küche & Co  ", "kueche-co"],
  ["Zoë’s Büro", "zoes-buero"],
  ["小龙虾", "agent"],
  ["🦞", "agent"],
  ["7 dwarfs", "agent-7-dwarfs"],
  ["Bo", "bo-agent"],
  ["", "agent"],
  ["\u202egnp.exe", "gnp-exe"],
  ["--x--", "x-agent"],
])("%j becomes %s", (name, slug) => expect(slugFor(name)).toBe(slug));

test("whatever is typed, the server's rule holds", () => {
  const rule = /^[a-z][a-z0-9-]{1,30}[a-z0-9]$/;
  for (const name of ["a".repeat(60), `${"ab ".repeat(20)}`, "é".repeat(40), "9".repeat(40), "İstanbul", "a b"]) {
    const first = slugFor(name);
    expect(first).toMatch(rule);
    expect(slugFor(name, [first])).toMatch(rule);
  }
});

test("a taken address gets a number", () => {
  expect(slugFor("Nele", ["nele"])).toBe("nele-2");
  expect(slugFor("Nele", ["nele", "nele-2"])).toBe("nele-3");
});
