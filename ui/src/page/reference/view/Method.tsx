// A method as a word of fixed width, coloured by what it does to data.
import classes from "./Method.module.css";

const SHORT: Record<string, string> = { DELETE: "DEL" };

export function Method({ method, short }: { method: string; short?: boolean }) {
  return (
    <span className={classes.method} data-method={method} data-short={short || undefined}>
      {short ? (SHORT[method] ?? method) : method}
    </span>
  );
}
