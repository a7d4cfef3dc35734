// The person's own menu: account, looks, language, out.
import { ActionIcon, Avatar, Menu } from "@mantine/core";
import {
  IconCheck,
  IconDeviceDesktop,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "~/session/me";
import { useSignOut } from "~/session/sign";
import { LANGUAGES, type Language, setLanguage } from "~/text";
import { type Scheme, useScheme } from "~/theme/scheme";

const SCHEMES: [Scheme, typeof IconSun][] = [
  ["light", IconSun],
  ["dark", IconMoon],
  ["system", IconDeviceDesktop],
];

export function Account() {
  const { t, i18n } = useTranslation("shell");
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [scheme, setScheme] = useScheme();
  const email = me?.email ?? "";
  const tick = <IconCheck size={14} aria-hidden />;
  return (
    <Menu position="bottom-end" width={230} shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" radius="xl" aria-label={t("menu.account", { email })}>
          <Avatar size={28} color="sea" radius="xl" alt="">
            {email.charAt(0).toUpperCase()}
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label className="truncate">{email}</Menu.Label>
        <Menu.Item leftSection={<IconUserCircle size={16} aria-hidden />} onClick={() => navigate({ to: "/account" })}>
          {t("nav.account")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t("menu.appearance")}</Menu.Label>
        {SCHEMES.map(([name, Shape]) => (
          <Menu.Item
            key={name}
            closeMenuOnClick={false}
            leftSection={<Shape size={16} aria-hidden />}
            rightSection={scheme === name && tick}
            onClick={() => setScheme(name)}
          >
            {t(`menu.${name}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("menu.language")}</Menu.Label>
        {(Object.keys(LANGUAGES) as Language[]).map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={<IconLanguage size={16} aria-hidden />}
            rightSection={i18n.language === language && tick}
            onClick={() => void setLanguage(language)}
          >
            {LANGUAGES[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          {t("menu.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
