// A choice of a few that are looked at one at a time: a unit, a period, a source.
import { SegmentedControl } from "@mantine/core";
import classes from "./Segments.module.css";

interface Props<T extends string> {
  label: string;
  options: { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}

export function Segments<T extends string>({ label, options, value, onChange }: Props<T>) {
  return (
    <SegmentedControl<T>
      size="xs"
      aria-label={label}
      classNames={classes}
      data={options}
      value={value}
      onChange={onChange}
      withItemsBorders={false}
    />
  );
}
