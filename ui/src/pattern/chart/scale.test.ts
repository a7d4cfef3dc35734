import { expect, test } from "vitest";
import { bar, barAt, every, paths, ticks } from "./scale";

test.each([
  [0, [0]],
  [Number.NaN, [0]],
  [1, [0, 0.25, 0.5, 0.75, 1]],
  [7, [0, 2, 4, 6, 8]],
  [83, [0, 25, 50, 75, 100]],
  [3_400_000_000, [0, 1e9, 2e9, 3e9, 4e9]],
])("an axis up to %d counts in round steps", (most, wanted) => expect(ticks(most)).toEqual(wanted));

test("an axis always reaches the highest bar", () => {
  for (let most = 1; most < 1e9; most = most * 1.7 + 1) expect(ticks(most).at(-1)).toBeGreaterThanOrEqual(most * 0.999);
});

test("bars keep their distance and grow no wider than a thumb", () => {
  expect(bar(0, 7, 1000).width).toBe(44);
  const [first, second] = [bar(0, 90, 320), bar(1, 90, 320)];
  expect(second.x - first.x - first.width).toBeGreaterThan(0.5);
  expect(bar(89, 90, 320).x + bar(89, 90, 320).width).toBeLessThan(320);
});

test("a point belongs to the bar it is over, also beyond the edges", () => {
  expect([-5, 0, 15, 99, 400].map((x) => barAt(x, 10, 100))).toEqual([0, 0, 1, 9, 9]);
});

test("names below stand apart", () => {
  expect(every(7, 1000, 56)).toBe(1);
  expect(every(90, 320, 56)).toBe(16);
});

test("one path for each series; nothing is drawn of nothing, and only the top is round", () => {
  const [lower, upper, none] = paths(
    [
      [1, 1, 0],
      [2, 0, 0],
    ],
    2,
    100,
    200,
  );
  expect(none).toBe("");
  // The lower part of the first bar is covered; of the second it is the top.
  expect(lower?.match(/M/g)).toHaveLength(2);
  expect(lower?.match(/a/g)).toHaveLength(2);
  expect(upper?.match(/a/g)).toHaveLength(2);
  // The second bar is as high as the chart.
  expect(lower).toContain("200v");
});
