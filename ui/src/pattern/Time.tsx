// A moment in the reader's words, with its exact value on hover and for screen readers.
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { exact, relative } from "~/format/time";
import { Hint } from "./Hint";

/** Relative words get old; they are said anew this often, milliseconds. */
const AGEING_MS = 30_000;

export function useNow(every = AGEING_MS): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

export function Time({ at }: { at: string | null | undefined }) {
  const { t } = useTranslation();
  const now = useNow();
  if (!at) return <span>{t("time.never")}</span>;
  const moment = new Date(at);
  return (
    <Hint label={() => exact(moment)}>
      <time dateTime={at} className="figures">
        {relative(moment, now)}
      </time>
    </Hint>
  );
}
