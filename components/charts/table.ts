import { count, figure, percent } from "../ui/format";

/** How a column's values are written. `percent`: a share 0..1; `points`: a difference of shares, in percentage points. */
export type CellKind = "text" | "count" | "figure" | "percent" | "points";

export interface ChartColumn {
  key: string;
  label: string;
  /** Default "text". */
  kind?: CellKind;
}

export type CellValue = string | number | null;

/** A cell: a value, or a value that leads to the rows behind it. What is missing is null: a gap, not a zero. */
export type ChartCell = CellValue | { value: CellValue; href?: string | undefined };

/** A chart's data, whole: what the table shows and the CSV holds. The first column names the row. */
export interface ChartTable {
  columns: readonly ChartColumn[];
  rows: readonly Readonly<Record<string, ChartCell | undefined>>[];
}

export function cellValue(cell: ChartCell | undefined): CellValue {
  if (cell === undefined || cell === null) return null;
  return typeof cell === "object" ? cell.value : cell;
}

export function cellHref(cell: ChartCell | undefined): string | undefined {
  return typeof cell === "object" && cell !== null ? cell.href : undefined;
}

/** A value for people; "—" where there is none. */
export function written(value: CellValue, kind: CellKind = "text"): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "—";
  if (typeof value === "string") return value;
  if (kind === "count") return count(value);
  if (kind === "percent") return percent(value);
  if (kind === "points") return points(value);
  return figure(value);
}

/** A difference of shares in percentage points with its sign: "+3.1", "−0.40", "0". */
export function points(difference: number): string {
  const size = Math.abs(difference) * 100;
  if (size === 0) return "0";
  const digits = size >= 0.995 ? 1 : size >= 0.0995 ? 2 : 3;
  return `${difference < 0 ? "−" : "+"}${size.toFixed(digits)}`;
}

/**
 * The table as CSV (RFC 4180, CRLF): raw values in full precision, nothing for what is missing. A text that a spreadsheet
 * would take for a formula is given an apostrophe.
 */
export function csvOf(table: ChartTable): string {
  const lines = [
    table.columns.map((c) => quoted(c.label)),
    ...table.rows.map((row) => table.columns.map((c) => field(cellValue(row[c.key])))),
  ];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

function field(value: CellValue): string {
  if (value === null) return "";
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : "";
  return quoted(/^[=+\-@\t\r]/.test(value) && !/^[+-]?\d*\.?\d+$/.test(value) ? `'${value}` : value);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
