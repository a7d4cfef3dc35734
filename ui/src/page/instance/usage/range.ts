// How far the usage pages look back. It stands in the address, so that a look can be kept and shared.
export const RANGES = [7, 30, 90] as const;
export type Range = (typeof RANGES)[number];

/** What is shown first; an address without days means it. */
export const FIRST_RANGE: Range = 30;

/** `days` of an address; rubbish is nothing. */
export const rangeOf = (days: unknown): Range | undefined => RANGES.find((range) => range === Number(days));

/** As it is put into an address. */
export const daysOf = (range: Range): { days?: Range } => (range === FIRST_RANGE ? {} : { days: range });
