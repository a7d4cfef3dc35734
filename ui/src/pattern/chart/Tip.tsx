// One bar in numbers: beside it for eyes, in a sentence for the slider.
import { useLayoutEffect, useRef } from "react";
import type { Column, Series } from "./Bars";
import classes from "./Bars.module.css";

interface Props {
  column: Column;
  series: Series[];
  says: (amount: number) => string;
  /** Where the bar's middle is, pixels from the left of the frame. */
  middle: number;
}

/** From the bar's middle to the tip. */
const BESIDE = 18;

export function Tip({ column, series, says, middle }: Props) {
  const tip = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = tip.current;
    const room = box?.parentElement?.clientWidth ?? 0;
    if (box) box.style.transform = `translateX(${beside(middle, box.offsetWidth, room)}px)`;
  });
  const parts = partsOf(column, series);
  return (
    <div ref={tip} className={classes.tip} aria-hidden>
      <p className={classes.tipName}>
        {column.name}
        <span className="figures">{says(sum(column))}</span>
      </p>
      {series.length > 1 &&
        parts.toReversed().map(({ key, name, colour, part }) => (
          <p key={key} className={classes.tipLine}>
            <span className={classes.dot} style={{ background: colour }} />
            <span className={`${classes.tipPart} foreign`}>{name}</span>
            <span className="figures">{says(part)}</span>
          </p>
        ))}
    </div>
  );
}

/** Right of the bar, left of it where that has no room, and inside the frame in any case: a phone is hardly wider than a tip. */
export function beside(middle: number, width: number, room: number): number {
  const right = middle + BESIDE;
  const wanted = right + width <= room ? right : middle - BESIDE - width;
  return Math.round(Math.max(0, Math.min(wanted, room - width)));
}

const sum = ({ parts }: Column) => parts.reduce((all, part) => all + part, 0);

const partsOf = (column: Column, series: Series[]) =>
  series.map((one, at) => ({ ...one, part: column.parts[at] ?? 0 })).filter(({ part }) => part > 0);

/** "21 Nov: $1.20. People $1.00, heartbeat $0.20". */
export function inWords(column: Column, series: Series[], says: Props["says"]): string {
  const parts = partsOf(column, series).map(({ name, part }) => `${name} ${says(part)}`);
  const whole = `${column.name}: ${says(sum(column))}`;
  return parts.length > 0 && series.length > 1 ? `${whole}. ${parts.join(", ")}` : whole;
}
