// Light or dark: the system's choice unless the person made one. The script in index.html reads the same key before the first paint.
import { useMantineColorScheme } from "@mantine/core";

export type Scheme = "light" | "dark" | "system";

export const SCHEME_KEY = "creel.scheme";

export function useScheme(): [Scheme, (scheme: Scheme) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: false });
  const chosen: Scheme = colorScheme === "auto" ? "system" : colorScheme;
  return [chosen, (scheme) => setColorScheme(scheme === "system" ? "auto" : scheme)];
}
