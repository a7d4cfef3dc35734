// A key that is there: only its last four characters are known here.
import { Button } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Provider } from "~/api/types";
import { Failure } from "~/pattern/Failure";
import { Time } from "~/pattern/Time";
import classes from "./Model.module.css";

export interface Kept {
  last_four: string;
  tested_at?: string;
  base_url?: string | null;
}

interface Props {
  provider: Provider;
  kept: Kept;
  onReplace: () => void;
  /** It was checked just now: says so and takes the focus. */
  focused: boolean;
  remove?: () => Promise<unknown>;
}

export function KeptKey({ provider, kept, onReplace, focused, remove }: Props) {
  const { t } = useTranslation(["wizard", "common"]);
  const words = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (focused) words.current?.focus();
  }, [focused]);
  const removal = useMutation({ mutationFn: async () => remove?.() });
  return (
    <div className={classes.key}>
      <div className={classes.kept} role="status" tabIndex={-1} ref={words}>
        <IconCircleCheck size={20} stroke={1.8} className={classes.keptIcon} aria-hidden />
        <div className={`${classes.keptWords} foreign`}>
          <p className={classes.keptTitle}>
            {t(kept.tested_at ? "key.works" : "key.saved", { vendor: provider.name, last: kept.last_four })}
          </p>
          <p className={classes.note}>
            {kept.tested_at && (
              <>
                {t("key.checked")} <Time at={kept.tested_at} />
              </>
            )}{" "}
            {kept.base_url}
          </p>
        </div>
        <div className={classes.keptActions}>
          <Button size="xs" variant="default" onClick={onReplace}>
            {t("key.replace")}
          </Button>
          {remove && (
            <Button
              size="xs"
              variant="subtle"
              color="gray"
              loading={removal.isPending}
              onClick={() => removal.mutate()}
            >
              {t("common:action.remove")}
            </Button>
          )}
        </div>
      </div>
      {removal.error && <Failure error={removal.error} />}
    </div>
  );
}
