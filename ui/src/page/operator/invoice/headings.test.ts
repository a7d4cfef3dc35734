import { expect, test } from "vitest";
import { headings, lines } from "./headings";

test.each([
  ["date,model,cost_usd\n2026-11-01,a,1", ["date", "model", "cost_usd"]],
  ["\ufeffTag;Modell;Betrag, netto\r\n", ["Tag", "Modell", "Betrag, netto"]],
  ["day\tcost", ["day", "cost"]],
  ['"a, b","say ""hi""",c', ["a, b", 'say "hi"', "c"]],
  ["a,,a, b ", ["a", "b"]],
  ["", []],
])("%j", (text, found) => expect(headings(text)).toEqual(found));

test("empty lines are not counted", () => expect(lines("a,b\n1,2\n\n3,4\n")).toBe(2));
