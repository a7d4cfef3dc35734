// Entries by the reader's own days: midnight is theirs, not the server's.
import type { AuditEntry } from "~/api/types";

export interface Day {
  key: string;
  at: Date;
  entries: AuditEntry[];
}

export function byDay(entries: AuditEntry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const at = new Date(entry.at);
    const key = `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`;
    const last = days.at(-1);
    if (last?.key === key) last.entries.push(entry);
    else days.push({ key, at, entries: [entry] });
  }
  return days;
}
