// A password that is being chosen: can be shown, says how hard it is to guess, refuses nothing that the server would take.
import { PasswordInput } from "@mantine/core";
import { type ComponentProps, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./NewPassword.module.css";
import { MIN_CHARS, missing, type Strength, strength } from "./strength";

const FULL: Record<Strength, number> = { short: 0, weak: 1, fair: 2, good: 3, strong: 4 };

interface Props extends Omit<ComponentProps<typeof PasswordInput>, "value" | "type"> {
  value?: string;
  /** Whose it will be: their name is the first thing that is tried. */
  email?: string;
}

export function NewPassword({ value = "", email, label, ...props }: Props) {
  const { t } = useTranslation("public");
  const hint = useId();
  const level = strength(value, email);
  const words = value === "" ? t("password.at_least", { count: MIN_CHARS }) : say();
  function say() {
    return level === "short" ? t("password.short", { count: missing(value) }) : t(`password.${level}`);
  }
  return (
    <div>
      <Password
        {...props}
        label={label ?? t("password.label")}
        value={value}
        autoComplete="new-password"
        aria-describedby={hint}
      />
      <div className={classes.meter} data-level={value === "" ? "none" : level}>
        <span className={classes.bars} aria-hidden="true">
          {[1, 2, 3, 4].map((bar) => (
            <i key={bar} data-full={(value !== "" && bar <= FULL[level]) || undefined} />
          ))}
        </span>
        <span id={hint} aria-live="polite">
          {words}
        </span>
      </div>
    </div>
  );
}

/** With a button that shows what is typed, also for the keyboard. */
export function Password(props: ComponentProps<typeof PasswordInput>) {
  const { t } = useTranslation("public");
  const [visible, setVisible] = useState(false);
  return (
    <PasswordInput
      required
      withAsterisk={false}
      {...props}
      visible={visible}
      onVisibilityChange={setVisible}
      visibilityToggleButtonProps={{ "aria-label": visible ? t("password.hide") : t("password.show"), tabIndex: 0 }}
    />
  );
}
