// The first line of a table, to choose columns from. Only for choosing: the server reads the file itself.

const MARKS = [",", "\t", ";"];

/** Headings in their order, without empty ones. */
export function headings(text: string): string[] {
  const first = text.replace(/^\ufeff/, "").split(/\r?\n/, 1)[0] ?? "";
  const counts = MARKS.map((mark) => first.split(mark).length);
  const mark = MARKS[counts.indexOf(Math.max(...counts))] ?? ",";
  const found = cells(first, mark).map((cell) => cell.trim());
  return [...new Set(found)].filter(Boolean);
}

/** A quoted cell may hold the mark, and a doubled quote stands for one. */
function cells(line: string, mark: string): string[] {
  const found = [""];
  let quoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    const last = found.length - 1;
    if (letter === '"' && quoted && line.charAt(at + 1) === '"') {
      found[last] += '"';
      at += 1;
    } else if (letter === '"') quoted = !quoted;
    else if (letter === mark && !quoted) found.push("");
    else found[last] += letter;
  }
  return found;
}

/** Lines below the headings that hold something. */
export const lines = (text: string): number =>
  Math.max(0, text.split(/\r?\n/).filter((line) => line.trim()).length - 1);
