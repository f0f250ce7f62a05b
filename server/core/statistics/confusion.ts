/** What stands on an axis of a confusion matrix: a step, all steps from one on, or an answer that is no step. */
export type ConfusionCode = number | `${number}+` | "none" | "cannot_tell" | "unparsed";

/** An answer as it is given to {@link confusion}: a step, null for "no error", "cannot tell", or nothing readable. */
export type ConfusionAnswer = number | null | "cannot_tell" | "unparsed";

export interface ConfusionCell {
  row: ConfusionCode;
  column: ConfusionCode;
  n: number;
  /** same answer · neighbouring steps · different · mixed (both in a column of several steps: either may be true). */
  kind: "same" | "near" | "apart" | "mixed";
}

/** A confusion matrix prepared for its view, which decides nothing. */
export interface Confusion {
  rows: ConfusionCode[];
  columns: ConfusionCode[];
  /** cells[i][j] belongs to rows[i] and columns[j]. */
  cells: ConfusionCell[][];
  total: number;
  /** The largest cell, for shades. */
  largest: number;
}

const AFTER_STEPS = ["none", "cannot_tell", "unparsed"] as const;

/**
 * Which answer stood against which. Steps 1..the last one named are all there, so that a diagonal is a diagonal, up to
 * `limit`; those after it share one line. The answers that are no steps follow where they occur.
 */
export function confusion(
  pairs: readonly { row: ConfusionAnswer; column: ConfusionAnswer }[],
  limit = 24,
): Confusion {
  const last = pairs.reduce((most, p) => Math.max(most, stepOf(p.row), stepOf(p.column)), 0);
  const steps: ConfusionCode[] = Array.from({ length: Math.min(last, limit) }, (_, i) => i + 1);
  if (last > limit) steps.push(`${limit + 1}+`);
  const codeOf = (answer: ConfusionAnswer): ConfusionCode =>
    answer === null ? "none" : typeof answer !== "number" ? answer : answer > limit ? `${limit + 1}+` : answer;
  const counts = new Map<string, number>();
  const seen = { row: new Set<ConfusionCode>(), column: new Set<ConfusionCode>() };
  for (const p of pairs) {
    const [row, column] = [codeOf(p.row), codeOf(p.column)];
    seen.row.add(row);
    seen.column.add(column);
    counts.set(`${row}/${column}`, (counts.get(`${row}/${column}`) ?? 0) + 1);
  }
  const axis = (side: Set<ConfusionCode>) => [...steps, ...AFTER_STEPS.filter((code) => side.has(code))];
  const rows = axis(seen.row);
  const columns = axis(seen.column);
  return {
    rows,
    columns,
    cells: rows.map((row) =>
      columns.map((column) => ({ row, column, n: counts.get(`${row}/${column}`) ?? 0, kind: kindOf(row, column, limit) })),
    ),
    total: pairs.length,
    largest: Math.max(0, ...counts.values()),
  };
}

const stepOf = (answer: ConfusionAnswer) => (typeof answer === "number" ? answer : 0);

function kindOf(row: ConfusionCode, column: ConfusionCode, limit: number): ConfusionCell["kind"] {
  const several = `${limit + 1}+`;
  if (row === several && column === several) return "mixed";
  if (row === column) return row === "cannot_tell" || row === "unparsed" ? "apart" : "same";
  if (typeof row === "number" && typeof column === "number") return Math.abs(row - column) === 1 ? "near" : "apart";
  // The last step of its own against the line of those after it: the next step, or one further on.
  return (row === limit && column === several) || (row === several && column === limit) ? "mixed" : "apart";
}
