// The part of a draft that the server has not seen yet, over a reload of this tab. Texts only: keys and bot tokens never come here.
import type { DraftText } from "./useDraft";

const FIELDS = [
  "step",
  "name",
  "slug",
  "persona_template",
  "persona",
  "language",
  "plan",
  "model",
  "thinking",
  "key_source",
] as const;

const place = (person: string) => `creel.draft.${person}`;

export function restoreUnsaved(person: string): Partial<DraftText> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(place(person)) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter(
        ([field, value]) =>
          ((FIELDS as readonly string[]).includes(field) && typeof value === "string") ||
          (field === "skip_channel" && typeof value === "boolean"),
      ),
    );
  } catch {
    return {};
  }
}

export function keepUnsaved(person: string, part: Partial<DraftText> | undefined): void {
  try {
    if (part) sessionStorage.setItem(place(person), JSON.stringify(part));
    else sessionStorage.removeItem(place(person));
  } catch {
    // A browser that keeps nothing still saves to the server.
  }
}
