// One key: what is in force, who set it, what it means. A secret is named and never shown.
import { IconFileText, IconFlag3, IconLock, IconTerminal2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Badge } from "~/pattern/Badge";
import type { Look } from "~/pattern/state";
import classes from "./Settings.module.css";
import type { Setting } from "./sections";

const SOURCES: Record<Exclude<Setting["source"], "default">, Look> = {
  flag: { tone: "busy", icon: IconFlag3 },
  environment: { tone: "busy", icon: IconTerminal2 },
  file: { tone: "busy", icon: IconFileText },
};

export function SettingLine({ setting }: { setting: Setting }) {
  return (
    <li className={classes.setting}>
      <div className={classes.words}>
        <code className={`${classes.key} foreign`}>{setting.key}</code>
        <p className={`${classes.description} foreign`}>
          <Marked text={setting.description} />
        </p>
      </div>
      <div className={classes.inForce}>
        <Value setting={setting} />
        <Source setting={setting} />
      </div>
    </li>
  );
}

/** Descriptions are those of the manual, where names stand between backticks. */
function Marked({ text }: { text: string }) {
  return text.split("`").map((part, at) =>
    at % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text that never move
      <code key={at} className={classes.name}>
        {part}
      </code>
    ) : (
      part
    ),
  );
}

function Value({ setting }: { setting: Setting }) {
  const { t } = useTranslation("operator");
  if (setting.secret)
    return (
      <span className={classes.masked}>
        <IconLock size={14} aria-hidden /> {setting.source === "default" ? t("settings.not_set") : t("settings.secret")}
      </span>
    );
  if (!setting.value) return <span className={classes.masked}>{t("settings.not_set")}</span>;
  return <code className={`${classes.value} foreign`}>{setting.value}</code>;
}

function Source({ setting }: { setting: Setting }) {
  const { t } = useTranslation("operator");
  if (setting.source === "default") return <span className={classes.soft}>{t("settings.source.default")}</span>;
  return (
    <span className={classes.source}>
      <Badge look={SOURCES[setting.source]}>{t(`settings.source.${setting.source}`)}</Badge>
      {setting.source_name && <span className={`${classes.soft} foreign`}>{setting.source_name}</span>}
      {setting.default !== undefined && setting.default !== null && !setting.secret && (
        <span className={`${classes.soft} foreign`}>{t("settings.instead", { value: setting.default || "–" })}</span>
      )}
    </span>
  );
}
