// One visible row, as cells or as a card. Drawn again only when its own data or place changes, so that scrolling draws new rows only.
// biome-ignore-all lint/a11y/useSemanticElements: see VirtualTable
// biome-ignore-all lint/a11y/useFocusableInteractive: the row's link takes the focus; a click beside it is a convenience
// biome-ignore-all lint/a11y/useKeyWithClickEvents: as above
import { type MouseEvent, memo, type ReactNode } from "react";
import classes from "../VirtualTable.module.css";
import type { Column } from "./columns";

interface Props<R> {
  row: R;
  index: number;
  count: number;
  top: number;
  size: number;
  columns: Column<R>[];
  template: string;
  card?: (row: R) => ReactNode;
  onOpen?: (row: R) => void;
}

function Line<R>({ row, index, count, top, size, columns, template, card, onOpen }: Props<R>) {
  const open = onOpen && ((event: MouseEvent) => ownClick(event) && onOpen(row));
  const place = { transform: `translateY(${top}px)`, height: size };
  if (card)
    return (
      <div
        role="listitem"
        aria-posinset={index + 1}
        aria-setsize={count}
        data-index={index}
        className={classes.card}
        data-opens={onOpen ? true : undefined}
        style={place}
        onClick={open}
      >
        {card(row)}
      </div>
    );
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      className={classes.row}
      data-opens={onOpen ? true : undefined}
      style={{ ...place, gridTemplateColumns: template }}
      onClick={open}
    >
      {columns.map((column) => (
        <div key={column.id} role="cell" className={classes.cell} data-align={column.align}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** A click that is meant for the row: not for a control in it, and not the end of selecting text. */
function ownClick(event: MouseEvent): boolean {
  const target = event.target as Element;
  if (event.defaultPrevented || target.closest("a, button, input, label, [role=menuitem]")) return false;
  return (window.getSelection()?.toString() ?? "") === "";
}

export const Row = memo(Line) as typeof Line;
