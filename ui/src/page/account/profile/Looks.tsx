// Appearance and language. Kept in this browser, not with the account.
import { SegmentedControl, Select } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Panel } from "~/pattern/Panel";
import { LANGUAGES, type Language, setLanguage } from "~/text";
import { type Scheme, useScheme } from "~/theme/scheme";
import classes from "./Looks.module.css";

const SCHEMES = [
  ["light", IconSun],
  ["dark", IconMoon],
  ["system", IconDeviceDesktop],
] as const;

export function Looks() {
  const { t, i18n } = useTranslation(["account", "shell"]);
  const [scheme, setScheme] = useScheme();
  return (
    <Panel title={t("account:looks.title")} lead={t("account:looks.lead")}>
      <div className={classes.rows}>
        <div className={classes.row}>
          <span id="appearance" className={classes.label}>
            {t("shell:menu.appearance")}
          </span>
          <SegmentedControl
            aria-labelledby="appearance"
            value={scheme}
            onChange={(value) => setScheme(value as Scheme)}
            data={SCHEMES.map(([value, Shape]) => ({
              value,
              label: (
                <span className={classes.choice}>
                  <Shape size={15} aria-hidden /> {t(`shell:menu.${value}`)}
                </span>
              ),
            }))}
          />
        </div>
        <Select
          label={t("shell:menu.language")}
          classNames={{ root: classes.row, label: classes.label, wrapper: classes.select }}
          value={i18n.language}
          onChange={(value) => value && void setLanguage(value as Language)}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
        />
      </div>
    </Panel>
  );
}
