/** The final table as Markdown: what a document takes over. */
import { pWords } from "../statistics/pWords";
import type { AverageCell, FinalRow, FinalTable, GapCell, ValueCell } from "../views/comparing-table";
import { PUBLISHED_FINAL_TABLE } from "./published";

/** The table with its intervals, differences, seeds and reasons; the paper's own below it, marked as published. */
export function finalTableMarkdown(table: FinalTable): string {
  if (table.rows.length === 0) return "Nothing was evaluated yet.\n";
  const heads = [...table.columns.map((c) => `${c.set} pass@${c.k}`), ...table.averages.map((a) => a.label)];
  const cells = (row: FinalRow) => [...row.cells, ...row.averages];
  const value = line(["run", "seeds", ...heads], table.rows.map((row) => [name(row), seeds(row), ...cells(row).map(valueText)]));
  const difference = line(
    ["run", ...heads],
    table.rows.filter((row) => !row.baseline).map((row) => [row.label, ...cells(row).map(againstText)]),
  );
  const spread = line(
    ["run", ...heads],
    table.rows.filter((row) => row.parts.length > 1).map((row) => [row.label, ...cells(row).map((c) => spreadText(c, row))]),
  );
  const sizes = line(["run", ...table.columns.map((c) => `${c.set} pass@${c.k}`)], table.rows.map((row) => [row.label, ...row.cells.map((c) => (c.kind === "gap" ? "—" : sizeText(c)))]));
  const notes = [
    ...table.rows.flatMap((row) => row.notes.map((n) => `${row.label}: ${n}`)),
    ...table.rows.flatMap((row) => cells(row).flatMap((c, i) => (c.kind === "gap" ? [`${row.label}, ${heads[i]}: no value, ${c.reason}.`] : []))),
    ...table.rows.flatMap((row) =>
      row.cells.flatMap((c, i) => (c.kind === "value" && c.leftOut > 0 ? [`${row.label}, ${heads[i]}: ${c.leftOut} problems left out, with fewer samples than k.`] : [])),
    ),
  ];
  const paper = line(
    ["published run", ...PUBLISHED_FINAL_TABLE.columns],
    PUBLISHED_FINAL_TABLE.rows.map(([label, figures]) => [label, ...figures.map((f) => f.toFixed(2))]),
  );
  return [
    `pass@k in %, mean over problems of the mean over seeds, with the 95 % interval by bootstrap over problems (${table.resamples.toLocaleString("en-US")} resamples). **Bold**: the highest of its column, by a paired interval above 0 against every other row.`,
    value,
    `Difference to **${table.baseline}** in percentage points on the same problems: 95 % paired bootstrap over problems; p by sign-flip permutation, Holm-adjusted over the rows of the column.`,
    difference,
    ...(table.rows.some((row) => row.parts.length > 1)
      ? [
          "Each seed's own value in %, and, from three on, the 95 % t-interval over the seeds. Of a row with one model the seeds are those of its samples, and tell nothing of training.",
          spread,
        ]
      : []),
    "What each figure is of: problems × samples of a problem × models.",
    sizes,
    ...(notes.length > 0 ? [notes.map((n) => `- ${n}`).join("\n")] : []),
    `Published figures (${PUBLISHED_FINAL_TABLE.source}; ${PUBLISHED_FINAL_TABLE.model}), per cent. Another model on other problems: for orientation alone.`,
    paper,
  ]
    .map((part) => `${part}\n`)
    .join("\n");
}

type Cell = ValueCell | AverageCell | GapCell;

const hundred = (v: number) => (100 * v).toFixed(1);
const signed = (v: number) => `${v < 0 ? "−" : "+"}${Math.abs(100 * v).toFixed(1)}`;

function name(row: FinalRow): string {
  return `${row.label}${row.atWork ? " (still sampling)" : ""}`;
}

function seeds(row: FinalRow): string {
  if (row.partsAre === "evaluations") return `1 model, sampled ${row.parts.length} times`;
  return row.parts.map((p) => p.label.replace(/^seed /, "")).join(", ");
}

function valueText(cell: Cell): string {
  if (cell.kind === "gap") return "—";
  const text = `${hundred(cell.of.value)} [${hundred(cell.of.low)}, ${hundred(cell.of.high)}]`;
  return cell.best ? `**${text}**` : text;
}

function againstText(cell: Cell): string {
  if (cell.kind === "gap" || cell.against === null) return "—";
  const { difference: d, adjusted } = cell.against;
  return `${signed(d.value)} [${signed(d.low)}, ${signed(d.high)}], ${pWords(adjusted)}`;
}

function spreadText(cell: Cell, row: FinalRow): string {
  if (cell.kind === "gap") return "—";
  const each = cell.parts.map((v, i) => `${row.parts[i]?.label.replace(/^(seed|samples) /, "") ?? i}: ${v === null ? "—" : hundred(v)}`).join(", ");
  return cell.overParts === null ? each : `${each}; [${hundred(cell.overParts.low)}, ${hundred(cell.overParts.high)}]`;
}

function sizeText(cell: ValueCell): string {
  const [low, high] = cell.samples;
  return `${cell.problems.toLocaleString("en-US")} × ${low === high ? low : `${low} to ${high}`} × ${cell.models}`;
}

function line(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((c) => c.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");
}
