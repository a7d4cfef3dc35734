// Every word a person reads. English is the source; a language is one lazily loaded chunk of all areas. Owns the choice of language.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = { en: "English", de: "Deutsch", zh: "中文" } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = "creel.language";

const catalogues: Record<Language, () => Promise<{ default: Record<string, object> }>> = {
  en: () => import("./en"),
  de: () => import("./de"),
  zh: () => import("./zh"),
};

export async function startText(): Promise<void> {
  const language = chosen();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    ns: [],
    defaultNS: "common",
    resources: {},
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await load(language);
}

/** Switches at once and remembers. */
export async function setLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // A browser that keeps nothing still shows the chosen language until it is closed.
  }
}

async function load(language: Language): Promise<void> {
  document.documentElement.lang = language;
  if (i18next.hasResourceBundle(language, "common")) return;
  const { default: catalogue } = await catalogues[language]();
  for (const [area, words] of Object.entries(catalogue)) i18next.addResourceBundle(language, area, words);
}

function chosen(): Language {
  const wishes = [stored(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return wishes.find((tag): tag is Language => tag !== null && tag in LANGUAGES) ?? "en";
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}
