import { expect, test } from "vitest";
import { pages } from "./pages";

test.each([
  [1, 1],
  [5_000, 8],
  [1_000_000, 1_500],
  [1_234_567, 1_900],
  [20_000_000, 30_000],
])("%d tokens are about %d pages", (tokens, about) => expect(pages(tokens)).toBe(about));
