// Colours of series in the order of their size; all others together are grey.
import { OTHERS } from "./figures";

export const colour = (series: string[], at: number): string =>
  series[at] === OTHERS && series.length > 1 ? "var(--ink-faint)" : `var(--chart-${(at % 5) + 1})`;
