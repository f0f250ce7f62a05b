/** What the page of the final table derives from its figures: words, links, the CSV. Pure. */
import type { AverageCell, FinalRow, FinalTable, GapCell, TableColumn, ValueCell } from "@/server/core/views/comparing-table";
import type { ChartTable } from "../charts/table";
import { count } from "../ui/format";

export type AnyCell = ValueCell | AverageCell | GapCell;

/** A column as people name it. */
export function columnName({ set, k }: TableColumn): string {
  return `${set} pass@${k}`;
}

/** Names of all columns, the averages last. */
export function headsOf(table: Pick<FinalTable, "columns" | "averages">): string[] {
  return [...table.columns.map(columnName), ...table.averages.map((a) => a.label)];
}

/** A row's cells as {@link headsOf} names them. */
export function cellsOf(row: FinalRow): AnyCell[] {
  return [...row.cells, ...row.averages];
}

/** "1,352 × 16 × 3": problems, samples of a problem, models. */
export function sizeWords(cell: ValueCell): string {
  const [low, high] = cell.samples;
  return [count(cell.problems), low === high ? count(low) : `${count(low)}–${count(high)}`, ...(cell.models > 1 ? [count(cell.models)] : [])].join(" × ");
}

/** The same for a screen reader and a tooltip. */
export function sizeSentence(cell: ValueCell): string {
  const [low, high] = cell.samples;
  const left = cell.leftOut > 0 ? `; ${count(cell.leftOut)} problems left out, which have fewer samples than k by some model` : "";
  return `${count(cell.problems)} problems, ${low === high ? count(low) : `${count(low)} to ${count(high)}`} samples of each, ${cell.models} ${cell.models === 1 ? "model" : "models"}${left}`;
}

/** How many seeds a row is over, in words that claim no more than there is. */
export function seedsWords(row: FinalRow): string {
  if (row.partsAre === "evaluations") return `one model, sampled ${row.parts.length} times`;
  if (row.partsAre === "one") return row.parts[0]?.label ?? "";
  return `${row.parts.length} seeds: ${row.parts.map((p) => p.label.replace(/^seed /, "")).join(", ")}`;
}

/** Rows in the order asked for; rows without a value last, however it is sorted. */
export function sortedRows(rows: readonly FinalRow[], column: number | null, descending: boolean): FinalRow[] {
  if (column === null) return [...rows];
  const value = (row: FinalRow) => {
    const cell = cellsOf(row)[column];
    return cell?.kind === "value" ? cell.of.value : null;
  };
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return descending ? y - x : x - y;
  });
}

/** The whole table in long form: a line for each row and column. */
export function finalCsv(table: FinalTable, rows: readonly FinalRow[]): ChartTable {
  const heads = headsOf(table);
  return {
    columns: [
      { key: "row", label: "row" },
      { key: "column", label: "column" },
      { key: "set", label: "problem set" },
      { key: "k", label: "k", kind: "count" },
      { key: "value", label: "pass@k", kind: "percent" },
      { key: "low", label: "low 95 %", kind: "percent" },
      { key: "high", label: "high 95 %", kind: "percent" },
      { key: "problems", label: "problems", kind: "count" },
      { key: "fewest", label: "fewest samples of a problem", kind: "count" },
      { key: "most", label: "most samples of a problem", kind: "count" },
      { key: "models", label: "models", kind: "count" },
      { key: "leftOut", label: "problems left out", kind: "count" },
      { key: "baseline", label: "baseline" },
      { key: "difference", label: "difference", kind: "points" },
      { key: "differenceLow", label: "difference low 95 %", kind: "points" },
      { key: "differenceHigh", label: "difference high 95 %", kind: "points" },
      { key: "p", label: "p (sign flip)", kind: "figure" },
      { key: "adjusted", label: "p (Holm)", kind: "figure" },
      { key: "best", label: "best" },
      { key: "seeds", label: "each seed" },
      { key: "seedsLow", label: "low over seeds (t, 95 %)", kind: "percent" },
      { key: "seedsHigh", label: "high over seeds (t, 95 %)", kind: "percent" },
      { key: "reason", label: "why there is no value" },
    ],
    rows: rows.flatMap((row) =>
      cellsOf(row).map((cell, i) => {
        const column = table.columns[i];
        const place = { row: row.label, column: heads[i] ?? "", set: column?.set ?? null, k: column?.k ?? null };
        if (cell.kind === "gap") return { ...place, reason: cell.reason };
        const { of, against, overParts } = cell;
        const size = "problems" in cell ? { problems: cell.problems, fewest: cell.samples[0], most: cell.samples[1], models: cell.models, leftOut: cell.leftOut } : {};
        return {
          ...place,
          value: of.value,
          low: of.low,
          high: of.high,
          ...size,
          baseline: against === null ? null : table.baseline,
          difference: against?.difference.value ?? null,
          differenceLow: against?.difference.low ?? null,
          differenceHigh: against?.difference.high ?? null,
          p: against?.p ?? null,
          adjusted: against?.adjusted ?? null,
          best: cell.best ? "yes" : "",
          seeds: cell.parts.map((v, p) => `${row.parts[p]?.label ?? p}: ${v ?? ""}`).join("; "),
          seedsLow: overParts?.low ?? null,
          seedsHigh: overParts?.high ?? null,
        };
      }),
    ),
  };
}
