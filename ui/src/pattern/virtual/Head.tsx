// The header that stays in sight. A sortable column is a button that says how it is sorted.
// biome-ignore-all lint/a11y/useSemanticElements: see VirtualTable
// biome-ignore-all lint/a11y/useFocusableInteractive: a header is not a control; the button inside it is
import { IconArrowDown, IconArrowUp, IconSelector } from "@tabler/icons-react";
import classes from "../VirtualTable.module.css";
import type { Column } from "./columns";

export interface Sort {
  by: string;
  descending: boolean;
}

interface Props<R> {
  columns: Column<R>[];
  template: string;
  sort?: Sort;
  onSort?: (by: string) => void;
}

export function Head<R>({ columns, template, sort, onSort }: Props<R>) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.headRow} style={{ gridTemplateColumns: template }}>
        {columns.map((column) => {
          const direction = sort?.by === column.id ? (sort.descending ? "descending" : "ascending") : undefined;
          return (
            <div
              key={column.id}
              role="columnheader"
              className={classes.headCell}
              data-align={column.align}
              aria-sort={column.sortable ? (direction ?? "none") : undefined}
            >
              {column.sortable && onSort ? (
                <button type="button" className={classes.sort} onClick={() => onSort(column.id)}>
                  {column.header}
                  <Arrow direction={direction} />
                </button>
              ) : (
                <span className={column.hiddenHeader ? classes.hidden : undefined}>{column.header}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Arrow({ direction }: { direction?: "ascending" | "descending" }) {
  if (direction === "ascending") return <IconArrowUp size={14} aria-hidden />;
  if (direction === "descending") return <IconArrowDown size={14} aria-hidden />;
  return <IconSelector size={14} aria-hidden className={classes.unsorted} />;
}
