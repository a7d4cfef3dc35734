// What a number of tokens means to somebody who never saw one.

/** A token is about three quarters of an English word, and a printed page holds about five hundred words. */
const WORDS_PER_TOKEN = 0.75;
const WORDS_PER_PAGE = 500;

/** Pages read and written, rounded to two digits that mean something: the sum is an estimate and must look like one. */
export function pages(tokens: number): number {
  const exact = (tokens * WORDS_PER_TOKEN) / WORDS_PER_PAGE;
  if (exact < 10) return Math.max(1, Math.round(exact));
  const step = 10 ** (Math.floor(Math.log10(exact)) - 1);
  return Math.round(exact / step) * step;
}
