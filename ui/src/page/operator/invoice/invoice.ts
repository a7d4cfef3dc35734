// What is asked of the API, and its answer in the order of what matters. Nothing here outlives the page.
import { api, body } from "~/api/client";
import type { components } from "~/api/schema";
import { money } from "~/format/number";

export type Reconciliation = components["schemas"]["Reconciliation"];
export type Row = components["schemas"]["ReconciledRow"];

/** The API takes no longer files, bytes. */
export const MOST_BYTES = 1024 * 1024;
/** Beyond this many millionths somebody should look: 0.1 %. */
export const ALARM_PPM = 1_000;

export interface Asked extends Record<string, unknown> {
  provider: string;
  csv: string;
  /** Headings of the columns; empty: the server finds them by itself. */
  day: string;
  model: string;
  cost: string;
}

export function reconcile({ provider, csv, day, model, cost }: Asked): Promise<Reconciliation> {
  const columns = { ...(day && { day }), ...(model && { model }), ...(cost && { cost }) };
  return body(
    api.POST("/api/v1/operator/reconcile", {
      body: { provider, csv, currency: "usd", ...(Object.keys(columns).length > 0 && { columns }) },
    }),
  );
}

/** How far a row is off, in millionths of what is charged. */
export function ppm({ invoice_nano_usd, drift_nano_usd }: Row): number {
  if (drift_nano_usd === 0) return 0;
  if (invoice_nano_usd === 0) return Math.sign(drift_nano_usd) * 1_000_000;
  return (drift_nano_usd / Math.abs(invoice_nano_usd)) * 1_000_000;
}

export const isOff = (row: Row): boolean => Math.abs(ppm(row)) > ALARM_PPM;

/** Amounts may be below zero here, and something is never shown as nothing. */
export const amount = (nanoUsd: number): string => (nanoUsd < 0 ? `−${money(-nanoUsd)}` : money(nanoUsd));

/** With its sign: which side is more. */
export const signed = (nanoUsd: number): string => (nanoUsd > 0 ? `+${money(nanoUsd)}` : amount(nanoUsd));

export type Column = "day" | "model" | "invoice" | "ledger" | "drift";

export interface Order {
  by: Column;
  descending: boolean;
}

export const pressed = (now: Order, by: Column): Order =>
  now.by === by ? { by, descending: !now.descending } : { by, descending: by !== "day" && by !== "model" };

const FIGURES = {
  invoice: (row: Row) => row.invoice_nano_usd,
  ledger: (row: Row) => row.ledger_nano_usd,
  drift: (row: Row) => Math.abs(row.drift_nano_usd),
};

export function ordered(rows: Row[], { by, descending }: Order): Row[] {
  const turn = descending ? -1 : 1;
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return rows.toSorted((a, b) => {
    const first = by === "day" || by === "model" ? text(a[by], b[by]) : FIGURES[by](a) - FIGURES[by](b);
    return first * turn || text(a.day, b.day) || text(a.model, b.model);
  });
}
