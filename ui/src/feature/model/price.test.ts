import { expect, test } from "vitest";
import { DAY, dayOfChatting, messagesIn } from "./price";

const usd = (dollars: number) => dollars * 1_000_000_000;

test("a day costs its fresh, reread and answered tokens, at prices for a million", () => {
  const price = {
    input_nano_usd: usd(3),
    output_nano_usd: usd(15),
    cache_read_nano_usd: usd(0.3),
    cache_write_nano_usd: usd(3.75),
  };
  const one = (DAY.freshTokens * 3 + DAY.cachedTokens * 0.3 + DAY.answerTokens * 15) / 1_000_000;
  expect(dayOfChatting(price)).toBeCloseTo(usd(one * DAY.messages), -3);
  expect(dayOfChatting(price)).toBeCloseTo(usd(0.654), -3);
});

test("a limit carries as many messages as it has tokens for, to two digits", () => {
  expect(messagesIn(1_000_000)).toBe(66);
  expect(messagesIn(20_000_000)).toBe(1300);
});
