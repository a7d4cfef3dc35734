// How much room a text has left; silent to screen readers until it gets tight.
import { useTranslation } from "react-i18next";
import { bytesOf, PERSONA_BYTES } from "./limit";
import classes from "./Settings.module.css";

const TIGHT = 0.9;

const kilobytes = (count: number, language: string) =>
  new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(count / 1024);

export function Counter({ text }: { text: string }) {
  const { t, i18n } = useTranslation("instance");
  const used = bytesOf(text);
  const tight = used > PERSONA_BYTES * TIGHT;
  return (
    <p
      className={`${classes.counter} figures`}
      data-over={used > PERSONA_BYTES || undefined}
      role={tight ? "status" : undefined}
    >
      {t("settings.room", { used: kilobytes(used, i18n.language), all: kilobytes(PERSONA_BYTES, i18n.language) })}
    </p>
  );
}
