import Link from "next/link";
import { pWords } from "@/server/core/statistics/pWords";
import type { ValueCell } from "@/server/core/views/comparing-table";
import { points } from "../charts/table";
import { Whisker } from "../study/whisker";
import { percent, percentRange } from "../ui/format";
import { type AnyCell, sizeSentence, sizeWords } from "./final-figures";

/** One figure with its interval, what it is of, and how it stands to the baseline. A gap says why it is one. */
export function FinalCell(props: {
  cell: AnyCell;
  /** Right end of the column's scale. */
  max: number;
  /** The rows behind it; absent for an average. */
  href?: string | undefined;
  isBaseline: boolean;
}) {
  const { cell, max } = props;
  if (cell.kind === "gap")
    return (
      <td className="text-faint">
        <span title={cell.reason}>—</span>
        <span className="block max-w-40 text-xs">{cell.reason}</span>
      </td>
    );
  const value = <b className={cell.best ? "font-semibold" : "font-medium"}>{percent(cell.of.value)}</b>;
  return (
    <td className="whitespace-nowrap" data-best={cell.best || undefined}>
      <span className="text-base">
        {props.href === undefined ? value : <Link href={props.href}>{value}</Link>}
        {cell.best && (
          <span className="ms-1.5 rounded-sm bg-success-wash px-1 text-xs text-success" title="By a paired interval above 0 against every other row">
            best
          </span>
        )}
      </span>
      <span className="block text-xs text-soft">{percentRange(cell.of.low, cell.of.high)}</span>
      <span className="my-0.5 block w-32">
        <Whisker of={cell.of} max={max} tone={cell.best ? "intervention" : "ink"} />
      </span>
      <span className="block text-xs">
        {props.isBaseline ? <span className="text-faint">baseline</span> : cell.against === null ? <span className="text-faint">nothing to pair with</span> : <Difference of={cell.against} />}
      </span>
      {"problems" in cell && <Size cell={cell} />}
    </td>
  );
}

function Difference({ of }: { of: NonNullable<ValueCell["against"]> }) {
  const { low, high, value } = of.difference;
  const sure = low > 0 || high < 0;
  return (
    <>
      <span className={sure ? "font-medium" : "text-soft"}>{points(value)}</span>{" "}
      <span className="text-soft">
        [{points(low)}, {points(high)}]
      </span>
      <span className="block text-faint" title={`Before Holm's correction: ${pWords(of.p)}`}>
        {pWords(of.adjusted)}
      </span>
    </>
  );
}

function Size({ cell }: { cell: ValueCell }) {
  return (
    <span className="block text-xs text-faint" title={sizeSentence(cell)}>
      <span aria-hidden>
        n = {sizeWords(cell)}
        {cell.leftOut > 0 && ` (−${cell.leftOut})`}
      </span>
      <span className="sr-only">{sizeSentence(cell)}</span>
    </span>
  );
}
