import type { Reason } from "@/server/core/datasets/reasons";
import { count, percent, plural } from "../ui/format";

export interface FunnelCounts {
  /** What candidates are, in the plural. */
  of: string;
  candidates: number;
  rows: number;
  dropped: readonly { reason: Reason; says: string; count: number }[];
}

/** From candidates to rows: every loss with its number, and the sum that shows that none is missing. */
export function Funnel({ counts, complete = true }: { counts: FunnelCounts; complete?: boolean }) {
  const { candidates, rows, dropped, of } = counts;
  const share = (n: number) => (candidates === 0 ? 0 : n / candidates);
  return (
    <div>
      <p className="text-lg">
        {!complete && "Of the first "}
        <span className="font-semibold">{count(candidates)}</span> {of} <span aria-hidden>→</span>
        <span className="sr-only">make</span>{" "}
        <span className="font-semibold text-intervention">{plural(rows, "row")}</span>
      </p>
      {(dropped.length > 0 || rows > 0) && (
        <table className="mt-2 w-full text-sm">
          <caption className="sr-only">What became of the {of}</caption>
          <thead className="sr-only">
            <tr>
              <th scope="col">What became of them</th>
              <th scope="col">How many</th>
              <th scope="col">Share</th>
            </tr>
          </thead>
          <tbody>
            <Line words="become rows" n={rows} share={share(rows)} kept />
            {dropped.map((d) => (
              <Line key={d.reason} words={d.says} n={d.count} share={share(d.count)} />
            ))}
            <tr className="border-t border-rule text-faint">
              <th scope="row" className="py-1 pe-4 text-start font-normal">
                together
              </th>
              <td className="py-1 text-end">{count(rows + dropped.reduce((sum, d) => sum + d.count, 0))}</td>
              <td />
            </tr>
          </tbody>
        </table>
      )}
    </div>
  );
}

function Line(props: { words: string; n: number; share: number; kept?: boolean }) {
  return (
    <tr className="border-t border-rule">
      <th
        scope="row"
        className={`py-1 pe-4 text-start font-normal ${props.kept === true ? "text-intervention" : "text-soft"}`}
      >
        {props.words}
      </th>
      <td className="w-16 py-1 text-end whitespace-nowrap">{count(props.n)}</td>
      <td className="w-28 py-1 ps-3">
        <span className="flex items-center gap-2">
          <span aria-hidden className="block h-1.5 w-12 shrink-0 bg-sunken">
            <span
              className={`block h-full ${props.kept === true ? "bg-intervention" : "bg-edge"}`}
              style={{ width: `${Math.max(props.share * 100, props.n > 0 ? 2 : 0)}%` }}
            />
          </span>
          <span className="text-xs text-faint">{percent(props.share)}</span>
        </span>
      </td>
    </tr>
  );
}
