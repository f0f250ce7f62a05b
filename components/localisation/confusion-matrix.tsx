import type { Confusion, ConfusionCell } from "@/server/core/statistics/confusion";
import { codeWords } from "./words";

/** What the matrix needs of a link; the app passes Next's. */
export type LinkLike = (props: {
  href: string;
  className?: string;
  title?: string;
  children: React.ReactNode;
}) => React.ReactNode;

/**
 * Which answer stood against which, prepared by server/core/statistics/confusion.ts. Shades say how many; agreement
 * stands on the diagonal, neighbouring steps beside it.
 *
 * @param href where a cell's rows are; null where they cannot be shown.
 */
export function ConfusionMatrix(props: {
  of: Confusion;
  /** Who gives the rows' answers, and who the columns'. */
  rows: string;
  columns: string;
  href: (cell: ConfusionCell) => string | null;
  link: LinkLike;
}) {
  const { of } = props;
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Confusion matrix" tabIndex={0}>
      <p className="sticky start-0 mb-2 text-sm text-faint">
        <span aria-hidden>↓ </span>
        {props.rows} <span className="text-edge" aria-hidden>/</span> <span aria-hidden>→ </span>
        {props.columns}
      </p>
      <table className="border-separate border-spacing-0.5 text-center text-sm">
        <caption className="sr-only">
          Rows: first error by {props.rows}. Columns: first error by {props.columns}.
        </caption>
        <thead>
          <tr>
            <td className="sticky start-0 bg-paper" />
            {of.columns.map((code) => (
              <th key={code} scope="col" className="min-w-9 px-1 text-center font-normal whitespace-nowrap text-soft">
                {codeWords(code)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {of.cells.map((row, i) => (
            <tr key={of.rows[i]}>
              <th scope="row" className="sticky start-0 bg-paper pe-2 text-end font-normal whitespace-nowrap text-soft">
                {codeWords(of.rows[i] ?? "none")}
              </th>
              {row.map((cell) => (
                <td
                  key={cell.column}
                  className="h-8 min-w-9 rounded-xs p-0"
                  style={{ background: shade(cell, of.largest), boxShadow: `inset 0 0 0 1px ${edge(cell)}` }}
                >
                  <Count cell={cell} href={props.href(cell)} link={props.link} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Count({ cell, href, link: Link }: { cell: ConfusionCell; href: string | null; link: LinkLike }) {
  if (cell.n === 0) return null;
  if (href === null) return <span className="px-1">{cell.n}</span>;
  return (
    <Link
      href={href}
      title={`${cell.n}: ${codeWords(cell.row)} against ${codeWords(cell.column)}`}
      className="flex h-8 items-center justify-center px-1 no-underline hover:underline"
    >
      {cell.n}
    </Link>
  );
}

const TONE = { same: "success", near: "uncertainty", apart: "ink", mixed: "uncertainty" } as const;

/** At most a third of the colour, so that ink on it keeps its contrast in both themes. */
function shade(cell: ConfusionCell, largest: number): string {
  if (cell.n === 0 || largest === 0) return "transparent";
  const part = 6 + 26 * Math.sqrt(cell.n / largest);
  return `color-mix(in oklab, var(--${TONE[cell.kind]}) ${part.toFixed(0)}%, var(--paper))`;
}

const edge = (cell: ConfusionCell) => (cell.kind === "same" ? "var(--edge)" : "var(--rule)");
