// A few lines of code to take along: scrolls sideways inside, never the page.
import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Snippet.module.css";

interface Props {
  title: string;
  code: string;
}

export function Snippet({ title, code }: Props) {
  const { t } = useTranslation();
  return (
    <figure className={classes.snippet} aria-label={title}>
      <figcaption className={classes.head}>
        <span>{title}</span>
        <CopyButton value={code} timeout={1500}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? t("action.copied") : t("action.copy")}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size="sm"
                onClick={copy}
                aria-label={`${t("action.copy")}: ${title}`}
              >
                {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={classes.code} tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
