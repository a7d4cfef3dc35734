// A part of a whole that must not be passed: calm, amber from 80 %, red at the end. What is only held ready follows in a lighter shade.
import { useTranslation } from "react-i18next";
import { percent, share } from "~/format/number";
import classes from "./Gauge.module.css";

interface Props {
  part: number;
  whole: number;
  label: string;
  /** Kept ready beside the part, not taken yet. */
  held?: number;
}

export function Gauge({ part, whole, label, held = 0 }: Props) {
  useTranslation();
  const filled = share(part, whole);
  const tone = filled >= 100 ? "bad" : filled >= 80 ? "warn" : "good";
  return (
    <div className={classes.gauge}>
      {/* biome-ignore lint/a11y/useSemanticElements: <meter> cannot be styled alike in all browsers */}
      <div
        className={classes.track}
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(filled)}
      >
        {held > 0 && (
          <div className={classes.held} data-tone={tone} style={{ width: `${share(part + held, whole)}%` }} />
        )}
        <div className={classes.fill} data-tone={tone} style={{ width: `${filled}%` }} />
      </div>
      <span className={`${classes.value} figures`}>{percent(filled)}</span>
    </div>
  );
}
