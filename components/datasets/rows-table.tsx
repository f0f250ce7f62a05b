"use client";
import { createColumnHelper, tableFeatures, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import type { DatasetRowCard } from "@/server/core/datasets/view";
import type { ColumnLooks, LinkLike } from "../study/attempt-columns";
import { plainStart } from "../text/plain";
import { cx } from "../ui/cx";
import { count } from "../ui/format";

const features = tableFeatures({});
const helper = createColumnHelper<typeof features, DatasetRowCard>();

interface Props {
  rows: DatasetRowCard[];
  /** Ordinal of the row that is read. */
  open: number | null;
  onOpen: (ordinal: number) => void;
  /** The attempt, or the problem, of a row. */
  href: (row: DatasetRowCard) => string;
  link: LinkLike;
  /** Tokens were counted. */
  counted: boolean;
}

const columnsOf = ({ onOpen, href, link: Link, counted }: Pick<Props, "onOpen" | "href" | "link" | "counted">) =>
  helper.columns([
    helper.accessor("ordinal", {
      header: "Row",
      cell: ({ getValue }) => (
        <button
          type="button"
          onClick={() => onOpen(getValue())}
          className="min-h-6 underline decoration-edge underline-offset-4 hover:decoration-current"
        >
          {count(getValue() + 1)}
          <span className="sr-only">: read this row</span>
        </button>
      ),
      meta: { numeric: true },
    }),
    helper.accessor("start", {
      header: "Problem",
      cell: ({ row: { original: r, index }, table }) => {
        const again = index > 0 && table.getRowModel().rows[index - 1]?.original.problemId === r.problemId;
        return (
          <span className={cx("block truncate font-serif", again && "text-faint")}>{plainStart(r.start, 110)}</span>
        );
      },
    }),
    helper.accessor("completionEnd", {
      header: "Ends with",
      cell: ({ row: { original: r } }) => (
        <span className="flex min-w-0 items-baseline gap-2">
          <span className="min-w-0 truncate font-serif text-soft">{lastLine(r.completionEnd)}</span>
          {r.ends && (
            <span className="shrink-0 text-xs text-faint" title="the end-of-turn token is trained">
              end
            </span>
          )}
        </span>
      ),
    }),
    helper.display({
      id: "from",
      header: "Came from",
      cell: ({ row: { original: r } }) => (
        <span className="flex min-w-0 gap-3 text-sm">
          <Link href={href(r)} className="whitespace-nowrap">
            {r.attemptId === null ? "problem" : `attempt ${(r.meta.sample ?? 0) + 1}`}
          </Link>
          <Origin row={r} />
        </span>
      ),
    }),
    ...(counted
      ? [
          helper.accessor("tokens", {
            header: "Tokens",
            cell: ({ getValue }) => count(getValue()),
            meta: { numeric: true },
          }),
        ]
      : []),
  ]);

/** The rows of a data set: enough of each to tell it from the others. */
export function RowsTable(props: Props) {
  const { onOpen, href, link, counted } = props;
  const columns = useMemo(() => columnsOf({ onOpen, href, link, counted }), [onOpen, href, link, counted]);
  const table = useTable({ features, columns, data: props.rows, getRowId: (r) => r.id });
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Rows table" tabIndex={0}>
      <table className="w-full min-w-[52rem] table-fixed">
        <caption className="sr-only">Rows of this data set</caption>
        <colgroup>
          {table.getAllColumns().map((c) => (
            <col key={c.id} className={WIDTH[c.id]} />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-rule text-sm text-faint">
              {group.headers.map((h) => (
                <th key={h.id} scope="col" className={cx("py-1 pe-4", isNumeric(h.column.columnDef.meta) && "text-end")}>
                  <table.FlexRender header={h} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              aria-current={row.original.ordinal === props.open ? "true" : undefined}
              className={cx("border-b border-rule hover:bg-sunken", row.original.ordinal === props.open && "bg-sunken")}
            >
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={cx("py-1.5 pe-4 align-baseline", isNumeric(cell.column.columnDef.meta) && "text-end")}
                >
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const WIDTH: Record<string, string> = {
  ordinal: "w-16",
  completionEnd: "w-[36%]",
  from: "w-56",
  tokens: "w-20",
};

const isNumeric = (meta: ColumnLooks | undefined) => meta?.numeric === true;

/** The list carries so many characters of a completion's end. */
const END = 160;

function lastLine(text: string): string {
  const end = text.trimEnd();
  const line = end.split("\n").at(-1) ?? "";
  return line.length < end.length || text.length >= END ? `… ${line}` : line;
}

/** What else a row came from, in words. */
function Origin({ row }: { row: DatasetRowCard }) {
  const { meta } = row;
  if (row.reflectionId !== null) return <span className="text-soft">rewritten</span>;
  if (meta.hint !== undefined)
    return <span className="text-soft">{meta.hint === null ? "bare" : `hint ${meta.hint.steps}/${meta.hint.of}`}</span>;
  if (meta.location === undefined) return null;
  return (
    <span className="truncate text-soft">
      <span className="text-intervention">at {meta.location}</span>
      {meta.verdict !== undefined && ` ${meta.settlementId !== undefined ? "settled" : meta.verdict}`}
    </span>
  );
}
