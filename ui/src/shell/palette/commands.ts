// Everything the palette can do besides agents: pages, actions, looks, languages.
import { IconDeviceDesktop, IconLanguage, IconLogout, IconMoon, IconPlus, IconSun } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Icon } from "~/pattern/state";
import { useMe } from "~/session/me";
import { useSignOut } from "~/session/sign";
import { LANGUAGES, type Language, setLanguage } from "~/text";
import { type Scheme, useScheme } from "~/theme/scheme";
import { MONEY, OPERATOR, OWN, SELF } from "../Navigation";

export type Group = "recent" | "agents" | "actions" | "pages" | "operator";

export interface Command {
  id: string;
  group: Group;
  label: string;
  /** After the label, quieter. */
  hint?: string;
  keywords?: string;
  icon: Icon;
  run: () => void;
}

const SCHEMES: Record<Scheme, Icon> = { light: IconSun, dark: IconMoon, system: IconDeviceDesktop };

export function useCommands(): Command[] {
  return [...useActions(), ...usePages()];
}

function usePages(): Command[] {
  const { t } = useTranslation("shell");
  const navigate = useNavigate();
  const operator = useMe()?.is_operator ?? false;
  const page = (group: Group) => (place: (typeof OWN)[number]) => ({
    id: String(place.to),
    group,
    label: t(`nav.${place.key}`),
    keywords: t(`palette.keywords.${place.key}`),
    hint: group === "operator" ? t("nav.operator") : undefined,
    icon: place.icon,
    run: () => void navigate({ to: place.to }),
  });
  return [...[...OWN, ...SELF].map(page("pages")), ...(operator ? [...OPERATOR, ...MONEY].map(page("operator")) : [])];
}

function useActions(): Command[] {
  const { t, i18n } = useTranslation("shell");
  const navigate = useNavigate();
  const signOut = useSignOut();
  const [scheme, setScheme] = useScheme();
  const action = (id: string, label: string, icon: Icon, run: () => void, keywords?: string): Command => ({
    id,
    group: "actions",
    label,
    icon,
    run,
    keywords,
  });
  const schemes = (Object.keys(SCHEMES) as Scheme[]).filter((name) => name !== scheme);
  const languages = (Object.keys(LANGUAGES) as Language[]).filter((name) => name !== i18n.language);
  return [
    action("new", t("new"), IconPlus, () => void navigate({ to: "/new" }), t("palette.keywords.new")),
    ...schemes.map((name) =>
      action(
        `scheme:${name}`,
        t("palette.scheme", { scheme: t(`menu.${name}`) }),
        SCHEMES[name],
        () => setScheme(name),
        t("palette.keywords.scheme"),
      ),
    ),
    ...languages.map((name) =>
      action(
        `language:${name}`,
        t("palette.language", { language: LANGUAGES[name] }),
        IconLanguage,
        () => void setLanguage(name),
        `language sprache 语言 ${name}`,
      ),
    ),
    action("out", t("menu.sign_out"), IconLogout, () => signOut.mutate(), t("palette.keywords.out")),
  ];
}
