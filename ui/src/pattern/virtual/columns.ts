// Columns of a virtual table: a DataTable's, placed on a grid because rows do not share a table's layout.
import type { Column as Base } from "../DataTable";

export interface Column<R> extends Base<R> {
  /** The header sorts by this column. */
  sortable?: boolean;
  /** Read to screen readers in the place of an empty header. */
  hiddenHeader?: boolean;
}

/** The grid of one row. A width may be any track: `120px`, `2fr`, `minmax(120px, 1fr)`. */
export const tracks = <R>(columns: Column<R>[]): string =>
  columns.map(({ width }) => width ?? "minmax(0, 1fr)").join(" ");

/** Width of a line in outline, percent: uneven, as words are. */
export const span = (column: number, row: number): number => 45 + ((column * 29 + row * 17) % 40);
