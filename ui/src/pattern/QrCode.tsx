// A link for a phone's camera, drawn as one SVG path. Always dark on white, also in the dark scheme: cameras expect it.
import encodeQR from "qr";
import { useMemo } from "react";

/** Quiet margin that readers need, modules. */
const MARGIN = 3;

interface Props {
  text: string;
  /** What it leads to, for screen readers. */
  label: string;
  size?: number;
}

export function QrCode({ text, label, size = 168 }: Props) {
  const { path, side } = useMemo(() => draw(text), [text]);
  // Whole pixels per module: anything else blurs edges or leaves gaps.
  const edge = side * Math.max(1, Math.round(size / side));
  return (
    <svg
      role="img"
      aria-label={label}
      width={edge}
      height={edge}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} rx={2} fill="#fff" />
      <path d={path} fill="#14171a" />
    </svg>
  );
}

function draw(text: string): { path: string; side: number } {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: MARGIN });
  return { path: rows.map(runs).join(""), side: rows.length };
}

/** One rectangle per run of dark modules in a row. */
function runs(row: boolean[], y: number): string {
  let path = "";
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    const from = x;
    while (row[x + 1]) x += 1;
    path += `M${from} ${y}h${x + 1 - from}v1h${from - x - 1}z`;
  }
  return path;
}
