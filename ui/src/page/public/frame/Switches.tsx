// Language and appearance, for whoever has no account menu yet.
import { ActionIcon, Menu } from "@mantine/core";
import { IconCheck, IconDeviceDesktop, IconLanguage, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, type Language, setLanguage } from "~/text";
import { type Scheme, useScheme } from "~/theme/scheme";

const SCHEMES: [Scheme, typeof IconSun][] = [
  ["light", IconSun],
  ["dark", IconMoon],
  ["system", IconDeviceDesktop],
];

const tick = <IconCheck size={14} aria-hidden />;

export function LanguageSwitch() {
  const { t, i18n } = useTranslation("shell");
  return (
    <Menu position="bottom-end" width={170} shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("menu.language")}>
          <IconLanguage size={19} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            rightSection={i18n.language === language && tick}
            onClick={() => void setLanguage(language)}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

export function SchemeSwitch() {
  const { t } = useTranslation("shell");
  const [scheme, setScheme] = useScheme();
  const Shape = SCHEMES.find(([name]) => name === scheme)?.[1] ?? IconDeviceDesktop;
  return (
    <Menu position="bottom-end" width={190} shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("menu.appearance")}>
          <Shape size={19} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(([name, Icon]) => (
          <Menu.Item
            key={name}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={scheme === name && tick}
            onClick={() => setScheme(name)}
          >
            {t(`menu.${name}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
