// A conversation as it could be. Drawn, not live: nothing in it can be used.
import { IconArrowLeft, IconChecks, IconDotsVertical } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Chat.module.css";

type Line = "ask" | "answer" | "more" | "list";

const LINES: { line: Line; own?: boolean; at: string }[] = [
  { line: "ask", own: true, at: "18:02" },
  { line: "answer", at: "18:02" },
  { line: "more", own: true, at: "18:03" },
  { line: "list", at: "18:03" },
];

export function Chat() {
  const { t } = useTranslation("public");
  return (
    <figure className={classes.phone} aria-label={t("chat.label")}>
      <div className={classes.head}>
        <IconArrowLeft size={18} className={classes.faint} aria-hidden />
        <Face />
        <div>
          <p className={classes.name}>Ada</p>
          <p className={classes.kind}>{t("chat.kind")}</p>
        </div>
        <IconDotsVertical size={18} className={classes.faint} aria-hidden />
      </div>
      <div className={classes.lines}>
        {LINES.map(({ line, own, at }) => (
          <p key={line} className={classes.bubble} data-own={own || undefined}>
            {t(`chat.${line}`)}
            <span className={classes.at}>
              {at}
              {own && <IconChecks size={14} stroke={2} aria-hidden />}
            </span>
          </p>
        ))}
        <p className={classes.typing} aria-hidden="true">
          <i />
          <i />
          <i />
        </p>
      </div>
    </figure>
  );
}

/** The agent's picture. */
function Face() {
  return (
    <svg width="36" height="36" viewBox="0 0 36 36" className={classes.face} aria-hidden="true" focusable="false">
      <circle cx="18" cy="18" r="18" className={classes.skin} />
      <circle cx="12.500" cy="16" r="2.200" />
      <circle cx="23.500" cy="16" r="2.200" />
      <path d="M11.500 22.500c3.500 4 9.500 4 13 0" className={classes.smile} />
    </svg>
  );
}
