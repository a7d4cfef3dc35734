// One of several, as cards: native radio buttons underneath, so that arrow keys, forms and screen readers work as everywhere.
import type { ReactNode } from "react";
import classes from "./Choice.module.css";

interface ChoicesProps {
  label: string;
  /** Said aloud but not shown, where a heading stands above already. */
  hideLabel?: boolean;
  /** Narrowest card, pixels; as many stand side by side as fit. */
  min?: number;
  children: ReactNode;
}

export function Choices({ label, hideLabel, min = 220, children }: ChoicesProps) {
  return (
    <fieldset className={classes.choices}>
      <legend className={hideLabel ? classes.hidden : classes.legend}>{label}</legend>
      <div className={classes.grid} style={{ "--choice-min": `${min}px` } as Record<string, string>}>
        {children}
      </div>
    </fieldset>
  );
}

interface ChoiceProps {
  /** The same for all cards of one question. */
  name: string;
  value: string;
  checked: boolean;
  onChoose: () => void;
  title: string;
  /** Before the title: a face, a logo. */
  face?: ReactNode;
  /** After the title: a tag. */
  mark?: ReactNode;
  disabled?: boolean;
  children?: ReactNode;
}

export function Choice({ name, value, checked, onChoose, title, face, mark, disabled, children }: ChoiceProps) {
  return (
    <label className={classes.choice}>
      <input
        type="radio"
        className={classes.input}
        name={name}
        value={value}
        checked={checked}
        disabled={disabled}
        onChange={onChoose}
      />
      {face && <span className={classes.face}>{face}</span>}
      <span className={classes.words}>
        <span className={classes.line}>
          <span className={`${classes.title} foreign`}>{title}</span>
          {mark}
        </span>
        {children && <span className={`${classes.body} foreign`}>{children}</span>}
      </span>
      <span className={classes.dot} aria-hidden />
    </label>
  );
}

/** A quiet word beside a title. */
export function Tag({ children }: { children: string }) {
  return <span className={classes.tag}>{children}</span>;
}
