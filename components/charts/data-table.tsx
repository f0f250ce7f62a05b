import Link from "next/link";
import { type CellKind, type ChartCell, type ChartTable, cellHref, cellValue, written } from "./table";

/** A chart's data as a table; a cell that leads to its rows is a link. */
export function DataTable({ table, label }: { table: ChartTable; label: string }) {
  const [first] = table.columns;
  return (
    <div className="max-h-80 overflow-auto" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
      <table className="min-w-max text-sm tabular-nums">
        <caption className="sr-only">{label}</caption>
        <thead className="sticky top-0 bg-paper text-faint">
          <tr>
            {table.columns.map((c) => (
              <th key={c.key} scope="col" className={`py-1 pe-5 font-normal ${side(c.kind)}`}>
                {c.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, i) => (
            // Rows of a chart have no identity beyond their place.
            <tr key={i} className="border-t border-rule">
              {table.columns.map((c) => (
                <Cell key={c.key} cell={row[c.key]} kind={c.kind} head={c === first} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell(props: { cell: ChartCell | undefined; kind: CellKind | undefined; head: boolean }) {
  const text = written(cellValue(props.cell), props.kind);
  const href = cellHref(props.cell);
  const inner = href === undefined ? text : <Link href={href}>{text}</Link>;
  const look = `py-1 pe-5 whitespace-nowrap ${side(props.kind)}`;
  if (!props.head) return <td className={look}>{inner}</td>;
  return (
    <th scope="row" className={`${look} font-normal`}>
      {inner}
    </th>
  );
}

/** Numbers stand at the end of their column. */
function side(kind: CellKind = "text"): string {
  return kind === "text" ? "text-start" : "text-end";
}
