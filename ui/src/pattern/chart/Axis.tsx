// What stands around the bars: amounts at the left, names below, and the ground of the bar that is looked at.

import type { Column } from "./Bars";
import classes from "./Bars.module.css";
import { bar, every } from "./scale";

export interface Size {
  width: number;
  height: number;
}

/** Room for the amounts at the left, and for half a line above the highest. */
export const LEFT = 54;
export const TOP = 8;
const BOTTOM = 26;
/** Room for one name below, and from an edge to its middle. */
const NAME = 70;

/** What is left for the bars. */
export const plotOf = ({ width, height }: Size): Size => ({
  width: Math.max(0, width - LEFT),
  height: Math.max(0, height - TOP - BOTTOM),
});

interface AxisProps {
  axis: number[];
  plot: Size;
  says: (amount: number) => string;
}

export function Axis({ axis, plot, says }: AxisProps) {
  const most = axis.at(-1) || 1;
  return axis.map((amount) => {
    const y = Math.round(TOP + plot.height * (1 - amount / most)) + 0.5;
    return (
      <g key={amount}>
        <line x1={LEFT} x2={LEFT + plot.width} y1={y} y2={y} className={classes.line} data-zero={amount === 0} />
        <text x={LEFT - 10} y={y} dy="0.32em" textAnchor="end" className={classes.text}>
          {says(amount)}
        </text>
      </g>
    );
  });
}

export function Names({ columns, plot }: { columns: Column[]; plot: Size }) {
  const last = columns.length - 1;
  const step = every(columns.length, plot.width, NAME);
  const place = plot.width / Math.max(1, columns.length);
  return columns.map(({ key, name }, at) => {
    if ((last - at) % step !== 0) return null;
    // Where bars are narrow the last name would be cut at the edge.
    const edge = at === last && place < NAME;
    return (
      <text
        key={key}
        x={LEFT + (edge ? plot.width : (at + 0.5) * place)}
        y={TOP + plot.height + 19}
        textAnchor={edge ? "end" : "middle"}
        className={classes.text}
      >
        {name}
      </text>
    );
  });
}

export function Ground({ at, count, plot }: { at: number; count: number; plot: Size }) {
  const { x, width } = bar(at, count, plot.width);
  const side = Math.min(6, (plot.width / count - width) / 2);
  return (
    <rect x={LEFT + x - side} y={TOP} width={width + side * 2} height={plot.height} rx={4} className={classes.ground} />
  );
}
