// A small celebration, once. Nobody who asked for less motion sees any of it.
import { useReducedMotion } from "@mantine/hooks";
import classes from "./Confetti.module.css";

const PIECES = 28;
const COLOURS = ["var(--chart-1)", "var(--chart-2)", "var(--chart-3)", "var(--chart-4)", "var(--chart-5)"];

export function Confetti() {
  // Known at the first paint, so that not even one frame moves.
  const still = useReducedMotion(true, { getInitialValueInEffect: false });
  if (still) return null;
  return (
    <div className={classes.sky} aria-hidden>
      {Array.from({ length: PIECES }, (_, at) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces never move places
          key={at}
          className={classes.piece}
          style={
            {
              left: `${(at * 37 + 11) % 100}%`,
              background: COLOURS[at % COLOURS.length],
              animationDelay: `${(at * 53) % 420}ms`,
              "--sway": `${((at * 29) % 80) - 40}px`,
              "--turn": `${((at * 71) % 540) + 180}deg`,
            } as Record<string, string | undefined>
          }
        />
      ))}
    </div>
  );
}
