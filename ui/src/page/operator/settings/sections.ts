// Settings found by what they are called or mean, in sections by the first part of their key.
import type { components } from "~/api/schema";

type View = components["schemas"]["SettingView"];
export type Setting = Omit<View, "source"> & { source: "flag" | "environment" | "file" | "default" };

const SOURCES: Setting["source"][] = ["flag", "environment", "file", "default"];

export const read = (view: View): Setting => ({
  ...view,
  source: SOURCES.find((known) => known === view.source) ?? "default",
});

export interface Section {
  name: string;
  settings: Setting[];
}

export function sections(all: Setting[], query: string): Section[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = new Map<string, Setting[]>();
  for (const setting of all) {
    const { key, description, value, source_name } = setting;
    const line = `${key}\n${description}\n${value ?? ""}\n${source_name ?? ""}`.toLowerCase();
    if (!words.every((word) => line.includes(word))) continue;
    const name = key.includes(".") ? key.slice(0, key.indexOf(".")) : "";
    found.set(name, [...(found.get(name) ?? []), setting]);
  }
  return [...found].map(([name, settings]) => ({ name, settings }));
}
