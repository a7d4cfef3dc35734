// A face for an agent: its first letter on a colour of its own. Says nothing that the name beside it does not.
import classes from "./Portrait.module.css";

const HUES = 5;

export function Portrait({ name, size }: { name: string; size: number }) {
  const letter = [...name.trim()][0] ?? "·";
  return (
    <span
      className={classes.portrait}
      data-hue={hue(name)}
      style={{ width: size, height: size, fontSize: size * 0.42, borderRadius: size * 0.3 }}
      aria-hidden
    >
      {letter.toLocaleUpperCase()}
    </span>
  );
}

function hue(name: string): number {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return (sum % HUES) + 1;
}
