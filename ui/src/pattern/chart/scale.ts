// Where things stand in a chart of bars. Pure.

/** Round numbers that an axis may count in, in tens. */
const STEPS = [1, 2, 2.5, 5, 10];

/** From nothing up to at least `most`, in about as many round steps as asked for. The largest is the height of the chart. */
export function ticks(most: number, wanted = 4): number[] {
  if (!(most > 0)) return [0];
  const rough = most / wanted;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * ten >= rough) ?? 10) * ten;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, at) => at * step);
}

/** Every how many bars one is named below, so that names of this width do not touch. The last bar always is. */
export const every = (count: number, width: number, name: number): number =>
  Math.max(1, Math.ceil((count * name) / Math.max(1, width)));

export interface Bar {
  x: number;
  width: number;
}

/** A share of each place is left free between bars, and no bar is wider than this. */
const GAP = 0.24;
const WIDEST = 44;

/** The bar in its place among so many. */
export function bar(at: number, count: number, width: number): Bar {
  const place = width / Math.max(1, count);
  const wide = Math.min(WIDEST, place * (1 - GAP));
  return { x: at * place + (place - wide) / 2, width: wide };
}

/** The bar under a point, counted from the left edge. */
export const barAt = (x: number, count: number, width: number): number =>
  Math.min(count - 1, Math.max(0, Math.floor((x / Math.max(1, width)) * count)));

const ROUND = 3;
const n = (value: number) => Math.round(value * 100) / 100;

/** The outline of a part of a bar from `y` down over `height`; the uppermost part has round shoulders. */
export function outline({ x, width }: Bar, y: number, height: number, top: boolean): string {
  const r = top ? Math.min(ROUND, width / 2, height) : 0;
  const head =
    r > 0
      ? `v${n(r - height)}a${n(r)} ${n(r)} 0 0 1 ${n(r)} ${n(-r)}h${n(width - 2 * r)}a${n(r)} ${n(r)} 0 0 1 ${n(r)} ${n(r)}`
      : `v${n(-height)}h${n(width)}`;
  return `M${n(x)} ${n(y + height)}${head}V${n(y + height)}z`;
}

/** All bars' parts of one series as one outline: a chart of ninety days is drawn with as many paths as it has series. */
export function paths(columns: readonly (readonly number[])[], most: number, width: number, height: number): string[] {
  const series = columns[0]?.length ?? 0;
  const drawn = Array.from({ length: series }, () => "");
  columns.forEach((parts, at) => {
    const place = bar(at, columns.length, width);
    const last = parts.findLastIndex((part) => part > 0);
    let y = height;
    parts.forEach((part, nth) => {
      if (!(part > 0)) return;
      const tall = (part / most) * height;
      y -= tall;
      drawn[nth] += outline(place, y, tall, nth === last);
    });
  });
  return drawn;
}
