// What is spent of a limit and when it begins anew, in words.
import { useTranslation } from "react-i18next";
import type { LimitView } from "~/api/types";
import { compact, money, whole } from "~/format/number";
import { longDay, relative } from "~/format/time";
import { useNow } from "~/pattern/Time";

export function useLeftWords() {
  const { t } = useTranslation(["instance", "common"]);
  const now = useNow();
  const amount = (unit: LimitView["unit"], value: number): string => {
    if (unit === "nano_usd") return money(value);
    const shown = unit === "tokens" ? compact(value) : whole(value);
    return t(`common:limit.amount.${unit}`, { count: value, amount: shown });
  };
  return {
    amount,
    /** "$0.80 used, $0.05 held for calls under way". */
    used: ({ unit, spent = 0, held }: LimitView): string => {
      const used = t("limits.used", { amount: amount(unit, spent) });
      return held > 0 ? t("limits.used_held", { used, held: amount(unit, held) }) : used;
    },
    /** A month begins anew on a day, shorter stretches in so long. */
    renews: ({ window, renews_at }: Pick<LimitView, "window" | "renews_at">): string => {
      const at = new Date(renews_at);
      if (window === "month") return t("spend.renews", { date: longDay(at) });
      return t("limits.renews", { when: relative(at, now) });
    },
  };
}
