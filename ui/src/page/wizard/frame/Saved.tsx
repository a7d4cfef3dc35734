// Whether what was typed is safe with the server.
import { IconCloudCheck, IconCloudPause, IconCloudUp, IconCloudX } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DraftHandle } from "../draft/useDraft";
import classes from "./Frame.module.css";

/** A save this quick is not worth a word, milliseconds. */
const PATIENCE_MS = 1_500;

export function Saved({ answers: { mark, draft } }: { answers: DraftHandle }) {
  const { t } = useTranslation("wizard");
  const slow = useSlow(mark === "waiting");
  const [look, Shape] =
    mark === "refused"
      ? (["refused", IconCloudX] as const)
      : slow
        ? (["trouble", IconCloudPause] as const)
        : mark === "waiting"
          ? (["saving", IconCloudUp] as const)
          : (["saved", IconCloudCheck] as const);
  const begun = mark !== "idle" || draft.updated_at;
  return (
    <span className={classes.saved} data-mark={look}>
      {begun && (
        <>
          <Shape size={17} stroke={1.7} aria-hidden />
          {t(`saved.${look}`)}
        </>
      )}
      {/* Only trouble is worth interrupting somebody who listens. */}
      <span role="status" className={classes.hidden}>
        {(look === "trouble" || look === "refused") && t(`saved.${look}`)}
      </span>
    </span>
  );
}

function useSlow(waiting: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!waiting) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [waiting]);
  return slow;
}
