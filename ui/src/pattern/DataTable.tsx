// A short list as a real table. Columns say from which width on they are worth their place; below it the first column carries the row.
import type { ReactNode } from "react";
import classes from "./DataTable.module.css";

export interface Column<R> {
  id: string;
  header: string;
  cell: (row: R) => ReactNode;
  align?: "end";
  /** Hidden below this width. */
  from?: "sm" | "md" | "lg";
  /** CSS width of the column. */
  width?: string;
}

interface Props<R> {
  label: string;
  columns: Column<R>[];
  rows: R[];
  rowKey: (row: R) => string;
  empty?: ReactNode;
}

export function DataTable<R>({ label, columns, rows, rowKey, empty }: Props<R>) {
  if (rows.length === 0 && empty) return <>{empty}</>;
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                data-align={column.align}
                data-from={column.from}
                style={{ width: column.width }}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td key={column.id} data-align={column.align} data-from={column.from}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
