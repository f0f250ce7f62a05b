"use client";
import Link from "next/link";
import { Fragment, useState } from "react";
import type { FinalRow, FinalTable as Table } from "@/server/core/views/comparing-table";
import { scaleEnd } from "../study/whisker";
import { percent, percentRange } from "../ui/format";
import { FinalCell } from "./final-cell";
import { cellsOf, headsOf, seedsWords } from "./final-figures";

export interface Sorting {
  /** Index among the columns and averages; null: the table's own order. */
  column: number | null;
  descending: boolean;
}

/** The final table: a row for each lineage, a figure in each cell; rows of several seeds open to each of them. */
export function FinalTable(props: {
  table: Table;
  /** In the order shown. */
  rows: readonly FinalRow[];
  sorting: Sorting;
  onSort: (column: number | null) => void;
  /** Attempts of some runs; absent where they cannot be seen. */
  hrefOf?: (runs: readonly string[]) => string;
}) {
  const { table, rows, sorting } = props;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const heads = headsOf(table);
  const ends = heads.map((_, i) => scaleEnd(rows.map((r) => valueOfCell(r, i))));
  const toggle = (label: string) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(label)) next.add(label);
      return next;
    });
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Figures of the final table" tabIndex={0}>
      <table className="w-full min-w-max text-sm">
        <caption className="sr-only">
          pass@k in per cent with 95 % intervals; differences in percentage points to {table.baseline}
        </caption>
        <thead>
          <tr className="border-b border-edge align-bottom text-faint [&>th]:py-1.5 [&>th]:pe-6">
            <th scope="col" className="sticky start-0 z-10 bg-paper max-sm:static" aria-sort={sorting.column === null ? "other" : "none"}>
              <SortButton on={sorting.column === null} label="Run" spoken="the table’s own order" onClick={() => props.onSort(null)} />
            </th>
            {heads.map((head, i) => {
              const column = table.columns[i];
              const on = sorting.column === i;
              return (
                <th key={head} scope="col" aria-sort={on ? (sorting.descending ? "descending" : "ascending") : "none"} className={column === undefined ? "border-s border-rule ps-4" : ""}>
                  {column !== undefined && <span className="block max-w-40 truncate text-xs" title={column.set}>{column.set}</span>}
                  <SortButton on={on} descending={sorting.descending} label={column === undefined ? head : `pass@${column.k}`} spoken={head} onClick={() => props.onSort(i)} />
                  <span className="flex w-32 justify-between text-xs font-normal" aria-hidden>
                    <span>0</span>
                    <span>{Math.round((ends[i] ?? 1) * 1e4) / 100} %</span>
                  </span>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={row.label}>
              <tr className="border-b border-rule align-top [&>*]:py-2 [&>*]:pe-6" data-row={row.label}>
                <th scope="row" className="sticky start-0 z-10 max-w-64 bg-paper max-sm:static max-sm:max-w-40">
                  <span className="text-base font-medium [overflow-wrap:anywhere]">{row.label}</span>
                  {row.atWork && <span className="block text-xs text-uncertainty">still sampling: figures are provisional</span>}
                  {row.parts.length > 1 ? (
                    <button
                      type="button"
                      aria-expanded={open.has(row.label)}
                      onClick={() => toggle(row.label)}
                      className="block text-start text-xs text-soft underline decoration-edge underline-offset-4 hover:text-ink"
                    >
                      {seedsWords(row)}
                    </button>
                  ) : (
                    <span className="block text-xs font-normal text-faint">{seedsWords(row)}</span>
                  )}
                  {row.notes.map((note) => (
                    <span key={note} className="block text-xs font-normal text-uncertainty">{note}</span>
                  ))}
                </th>
                {cellsOf(row).map((cell, i) => (
                  <FinalCell
                    key={heads[i]}
                    cell={cell}
                    max={ends[i] ?? 1}
                    isBaseline={row.baseline}
                    href={cell.kind === "value" && "runs" in cell ? props.hrefOf?.(cell.runs) : undefined}
                  />
                ))}
              </tr>
              {open.has(row.label) && <Parts row={row} heads={heads} hrefOf={props.hrefOf} />}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Each seed's own values, and what their spread says. */
function Parts({ row, heads, hrefOf }: { row: FinalRow; heads: readonly string[]; hrefOf: ((runs: readonly string[]) => string) | undefined }) {
  const cells = cellsOf(row);
  const few = row.parts.length < 3;
  return (
    <>
      {row.parts.map((part, p) => (
        <tr key={part.label + part.modelId} className="border-b border-rule bg-sunken text-soft [&>*]:py-1 [&>*]:pe-6" data-part={part.label}>
          <th scope="row" className="sticky start-0 z-10 bg-sunken ps-3 font-normal max-sm:static">
            {hrefOf === undefined ? <span title={part.model}>{part.label}</span> : <Link href={hrefOf(part.runs)} title={part.model}>{part.label}</Link>}
          </th>
          {cells.map((cell, i) => {
            const value = cell.kind === "value" ? (cell.parts[p] ?? null) : null;
            return <td key={heads[i]}>{value === null ? "—" : percent(value)}</td>;
          })}
        </tr>
      ))}
      <tr className="border-b border-rule bg-sunken align-top text-faint [&>*]:py-1 [&>*]:pe-6">
        <th scope="row" className="sticky start-0 z-10 max-w-64 bg-sunken ps-3 text-xs font-normal max-sm:static">
          {few
            ? "Two seeds: too few for an interval over seeds."
            : row.partsAre === "evaluations"
              ? "95 % t-interval over its samplings; it tells nothing of training."
              : "95 % t-interval over seeds: how far other seeds could move the mean."}
        </th>
        {cells.map((cell, i) => (
          <td key={heads[i]} className="text-xs whitespace-nowrap">
            {cell.kind === "value" && cell.overParts !== null ? percentRange(Math.max(0, cell.overParts.low), Math.min(1, cell.overParts.high)) : "—"}
          </td>
        ))}
      </tr>
    </>
  );
}

function SortButton(props: { on: boolean; descending?: boolean; label: string; spoken?: string; onClick: () => void }) {
  return (
    <button type="button" onClick={props.onClick} className={`font-medium whitespace-nowrap hover:text-ink ${props.on ? "text-ink" : ""}`} aria-label={`Sort by ${props.spoken ?? props.label}`}>
      {props.label}
      {props.descending !== undefined && (
        <span aria-hidden className={props.on ? "ms-1" : "ms-1 opacity-0"}>
          {props.descending ? "↓" : "↑"}
        </span>
      )}
    </button>
  );
}

function valueOfCell(row: FinalRow, i: number) {
  const cell = cellsOf(row)[i];
  return cell?.kind === "value" ? cell.of : null;
}
