/** Tables as models write them: a head, a line of dashes, rows. Pure. */
import { parseAtoms, parseInline } from "./inline";
import type { Align, Block, Inline } from "./tree";

const DASHES = /^\s{0,3}\|?\s*:?-{1,200}:?\s*(?:\|\s*:?-{1,200}:?\s*){0,60}\|?\s*$/;
/** A longer line is no row of a table, whatever it holds. */
const LONGEST_ROW = 4_000;
const MOST_ROWS = 400;

/** Whether a table begins at line `at`: a line with cells and dashes below it, as many. */
export function isTable(lines: readonly string[], at: number): boolean {
  const [head, dashes] = [lines[at] ?? "", lines[at + 1] ?? ""];
  if (!head.includes("|") || !dashes.includes("-") || !dashes.includes("|")) return false;
  if (head.length > LONGEST_ROW || dashes.length > LONGEST_ROW || !DASHES.test(dashes)) return false;
  return cellsOf(head).length === cellsOf(dashes).length;
}

/** The table that begins at line `from`, and the line after it. */
export function readTable(lines: readonly string[], from: number): { block: Block; end: number } {
  const head = cellsOf(lines[from] ?? "");
  const align = cellsOf(lines[from + 1] ?? "").map((c): Align => {
    const right = c.endsWith(":");
    return right ? (c.startsWith(":") ? "center" : "end") : "start";
  });
  const rows: Inline[][][] = [];
  let end = from + 2;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? "";
    if (line.trim() === "" || !line.includes("|") || line.length > LONGEST_ROW || rows.length === MOST_ROWS) break;
    const cells = cellsOf(line);
    rows.push(head.map((_, i) => parseInline(cells[i] ?? "")));
  }
  return { block: { kind: "table", align, head: head.map(parseInline), rows }, end };
}

/** Cells of a row. A bar inside code or mathematics ($|x|$) or after a backslash parts nothing. */
function cellsOf(line: string): string[] {
  const cells = [""];
  const add = (text: string) => {
    cells[cells.length - 1] += text;
  };
  for (const a of parseAtoms(line.trim())) {
    if (a.kind === "math") add(a.source);
    else if (a.kind === "code") add(`\`${a.text}\``);
    else if (a.kind === "link") add(`${a.image ? "!" : ""}[${a.label}](${a.target})`);
    else if (a.kind === "text") {
      for (const piece of a.text.split(/(\\\||\|)/)) {
        if (piece === "|") cells.push("");
        else add(piece === "\\|" ? "|" : piece);
      }
    }
  }
  const trimmed = cells.map((c) => c.trim());
  if (trimmed.length > 1 && trimmed[0] === "") trimmed.shift();
  if (trimmed.length > 1 && trimmed.at(-1) === "") trimmed.pop();
  return trimmed;
}
