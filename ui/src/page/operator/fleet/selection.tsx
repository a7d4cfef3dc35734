// Which agents are chosen. Apart from the rows, so that a tick draws one box and not the table.
import { createContext, useCallback, useContext, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Fleet.module.css";
import type { FleetRow } from "./fleet";

export interface Selection {
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
  set: (ids: string[]) => void;
  clear: () => void;
}

const Chosen = createContext<Selection | undefined>(undefined);
export const SelectionProvider = Chosen.Provider;

export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => setIds((now) => toggled(now, id)), []);
  const set = useCallback((all: string[]) => setIds(new Set(all)), []);
  const clear = useCallback(() => setIds(new Set()), []);
  return useMemo(() => ({ ids, toggle, set, clear }), [ids, toggle, set, clear]);
}

export function toggled(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** The browser's own box: hundreds of them are drawn while one scrolls. */
export function Tick({ row }: { row: FleetRow }) {
  const { t } = useTranslation("operator");
  const chosen = useContext(Chosen);
  return (
    <input
      type="checkbox"
      className={classes.tick}
      aria-label={t("fleet.select", { name: row.name })}
      checked={chosen?.ids.has(row.id) ?? false}
      onChange={() => chosen?.toggle(row.id)}
    />
  );
}
