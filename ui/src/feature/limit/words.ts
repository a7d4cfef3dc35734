// Limits in words: "$1.00 a day".
import i18next from "i18next";
import { useTranslation } from "react-i18next";
import { dollars } from "~/format/dollars";
import { whole } from "~/format/number";
import type { Limit, Typed, Unit, Wrong } from "./read";

/** $1.00, 5,000,000 tokens, 1 call. */
export const amountInWords = (unit: Unit, value: number): string =>
  unit === "nano_usd"
    ? dollars(value)
    : i18next.t(`common:limit.amount.${unit}`, { count: value, amount: whole(value) });

export const limitInWords = ({ unit, window, amount }: Limit): string =>
  i18next.t(`common:limit.per.${window}`, { amount: amountInWords(unit, amount) });

export function useLimitWords() {
  const { t } = useTranslation("common");
  return {
    amount: amountInWords,
    limit: limitInWords,
    /** What is counted, without how much: "Dollars a day". */
    kind: ({ unit, window }: Omit<Typed, "amount">): string =>
      t(`limit.per.${window}`, { amount: t(`limit.unit.${unit}`) }),
    wrong: (unit: Unit, wrong: Wrong): string =>
      wrong === "places" && unit !== "nano_usd" ? t("limit.wrong.whole") : t(`limit.wrong.${wrong}`),
  };
}
