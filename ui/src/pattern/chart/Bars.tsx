// Days as bars, stacked by what they are made of. Owns no data and no state but which bar is looked at.
// Drawn by hand, one SVG path a series: a charting library took a tenth of a second and a hundred kilobytes before the first bar stood.
// To screen readers it is a picture that is summed up in a sentence; an unseen slider over it goes from bar to bar by keyboard and says exact
// values, which the tip shows to everybody else. Nothing moves by itself. Pages offer the same figures as a table.
import { type PointerEvent, useLayoutEffect, useRef, useState } from "react";
import { Axis, Ground, LEFT, Names, plotOf, type Size, TOP } from "./Axis";
import classes from "./Bars.module.css";
import { barAt, paths, ticks } from "./scale";
import { inWords, Tip } from "./Tip";

export interface Series {
  key: string;
  name: string;
  colour: string;
}

export interface Column {
  key: string;
  /** Below the axis and in the tip. */
  name: string;
  /** One amount for each series. */
  parts: number[];
}

interface Props {
  /** What the slider through the bars is called. */
  label: string;
  /** The whole chart in a sentence. */
  summary: string;
  series: Series[];
  columns: Column[];
  /** An amount with its unit. */
  says: (amount: number) => string;
  /** The same at the axis, where there is less room. */
  axis?: (amount: number) => string;
}

export function Bars({ label, summary, series, columns, says, axis = says }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const plot = plotOf(size);
  const [looked, setLooked] = useState<number>();
  const last = Math.max(0, columns.length - 1);
  const at = looked === undefined ? undefined : Math.min(looked, last);
  const here = at === undefined ? undefined : columns[at];
  const spoken = here ?? columns[last];
  const point = (event: PointerEvent<HTMLElement>) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    setLooked(barAt(event.clientX - left - LEFT, columns.length, plot.width));
  };
  return (
    <div
      ref={frame}
      className={classes.frame}
      onPointerMove={point}
      onPointerDown={point}
      onPointerLeave={() => setLooked(undefined)}
    >
      {size.width > 0 && (
        <svg className={classes.drawing} width={size.width} height={size.height} role="img" aria-label={summary}>
          {at !== undefined && <Ground at={at} count={columns.length} plot={plot} />}
          <Drawn series={series} columns={columns} size={size} says={axis} />
        </svg>
      )}
      <input
        type="range"
        className={classes.walk}
        aria-label={label}
        aria-valuetext={spoken && inWords(spoken, series, says)}
        min={0}
        max={last}
        value={at ?? last}
        onChange={(event) => setLooked(Number(event.currentTarget.value))}
        onFocus={() => setLooked((now) => now ?? last)}
        onBlur={() => setLooked(undefined)}
      />
      {here && at !== undefined && (
        <Tip column={here} series={series} says={says} middle={LEFT + ((at + 0.5) / columns.length) * plot.width} />
      )}
    </div>
  );
}

function Drawn({ series, columns, size, says }: Pick<Props, "series" | "columns" | "says"> & { size: Size }) {
  const plot = plotOf(size);
  const parts = columns.map((column) => column.parts);
  const axis = ticks(Math.max(0, ...parts.map((one) => one.reduce((sum, part) => sum + part, 0))));
  return (
    <>
      <Axis axis={axis} plot={plot} says={says} />
      <Names columns={columns} plot={plot} />
      <g transform={`translate(${LEFT} ${TOP})`}>
        {paths(parts, axis.at(-1) || 1, plot.width, plot.height).map(
          (path, nth) => path && <path key={series[nth]?.key} d={path} fill={series[nth]?.colour} />,
        )}
      </g>
    </>
  );
}

/** Size in pixels, known before the first frame is shown. */
function useSize(frame: { current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const box = frame.current;
    if (!box) return;
    const look = () =>
      setSize((now) => {
        const { clientWidth: width, clientHeight: height } = box;
        return now.width === width && now.height === height ? now : { width, height };
      });
    look();
    const watch = new ResizeObserver(look);
    watch.observe(box);
    return () => watch.disconnect();
  }, [frame]);
  return size;
}
