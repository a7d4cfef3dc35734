// A text to take along, shown in full, with a button that says when it was taken.
import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Copy.module.css";

export function Copy({ text, label }: { text: string; label: string }) {
  const { t } = useTranslation();
  return (
    <div className={classes.copy}>
      <code className={`${classes.text} foreign`}>{text}</code>
      <CopyButton value={text} timeout={1500}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? t("action.copied") : t("action.copy")}>
            <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={`${t("action.copy")}: ${label}`}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </div>
  );
}
