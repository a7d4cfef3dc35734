import { expect, test } from "vitest";
import { room } from "./forecast";

const GIB = 1024 ** 3;
const plans = [
  { name: "Pro", memory_mib: 4096 },
  { name: "Free", memory_mib: 2048 },
  { name: "Starter", memory_mib: 2048 },
];

test("free memory by a plan's limit, the smallest first, with some kept for the host", () => {
  // 20 GiB, of which 1 is kept and 4 are used: 15 are free.
  expect(room(20 * GIB, 4 * GIB, plans)).toEqual([
    { plan: "Free", memoryBytes: 2 * GIB, agents: 7 },
    { plan: "Pro", memoryBytes: 4 * GIB, agents: 3 },
  ]);
});

test("a full host has room for none, never for fewer", () => {
  expect(room(8 * GIB, 8 * GIB, plans).map(({ agents }) => agents)).toEqual([0, 0]);
});

test("without plans nothing is promised", () => expect(room(8 * GIB, GIB, [])).toEqual([]));
