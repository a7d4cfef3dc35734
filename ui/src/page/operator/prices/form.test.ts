import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { FIELDS, fromForm, problemOf, toForm } from "./form";

beforeAll(() => i18next.init({ lng: "en" }));

test("dollars for a million tokens become nano-dollars, exactly", () => {
  const form = {
    ...toForm({ provider: "openai", model: " gpt-6 " }),
    input: "0.29",
    output: "$1.1",
    cache_read: "0.0375",
    source: " https://openai.com/pricing ",
  };
  expect(fromForm(form)).toEqual({
    provider: "openai",
    model: "gpt-6",
    tier: "standard",
    from_input_tokens: 0,
    prices: { input_nano_usd: 290_000_000, output_nano_usd: 1_100_000_000, cache_read_nano_usd: 37_500_000 },
    source: "https://openai.com/pricing",
  });
});

test("a free part is not an absent one", () => {
  const form = { ...toForm({}), input: "0", output: "0", cache_read: "0" };
  expect(fromForm(form).prices).toEqual({ input_nano_usd: 0, output_nano_usd: 0, cache_read_nano_usd: 0 });
});

test("a day is its first moment in UTC, and a length is kept", () => {
  const form = { ...toForm({ tier: "flex", from: 200_001 }), when: "day" as const, day: "2026-12-01" };
  expect(fromForm(form)).toMatchObject({
    valid_from: "2026-12-01T00:00:00Z",
    from_input_tokens: 200_001,
    tier: "flex",
  });
  expect(fromForm({ ...form, when: "now" }).valid_from).toBeUndefined();
});

test("a price that is changed begins as it is", () => {
  const prices = {
    input_nano_usd: 1,
    output_nano_usd: 2_500_000_000,
    cache_read_nano_usd: 0,
    input_audio_nano_usd: null,
  };
  const form = toForm({ provider: "openai", model: "gpt-6", prices });
  expect(form).toMatchObject({
    input: "0.000000001",
    output: "2.5",
    cache_read: "0",
    input_audio: "",
    cache_write: "",
  });
  expect(fromForm(form).prices).toEqual({ input_nano_usd: 1, output_nano_usd: 2_500_000_000, cache_read_nano_usd: 0 });
});

test.each([
  ["input", "", "empty"],
  ["cache_read", "", undefined],
  ["input", "2.5", undefined],
  ["output", "ten", "number"],
  ["input", "10000", undefined],
  ["input", "10000.000000001", "dear"],
  ["output_image", "0.0000000001", "places"],
] as const)("%s “%s”: %s", (part, text, wrong) => expect(problemOf(part, text)).toBe(wrong));

test("complaints of the API find their fields", () =>
  expect([FIELDS["prices.cache_write_1h_nano_usd"], FIELDS.valid_from]).toEqual(["cache_write_1h", "day"]));
