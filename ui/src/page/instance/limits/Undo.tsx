// What was done, with the way back.
import { Anchor } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./Limits.module.css";

export function Undo({ message, onUndo }: { message: string; onUndo: () => void }) {
  const { t } = useTranslation();
  return (
    <span className={classes.undo}>
      <span>{message}</span>
      <Anchor component="button" type="button" size="sm" onClick={onUndo}>
        {t("action.undo")}
      </Anchor>
    </span>
  );
}
