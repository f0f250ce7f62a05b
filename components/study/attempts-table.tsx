"use client";
import { type OnChangeFn, type SortingState, useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import { ATTEMPT_SORTS, type AttemptQuery, type AttemptRow } from "@/server/core/views/attempts";
import { cx } from "../ui/cx";
import {
  attemptColumns,
  attemptFeatures,
  type ColumnLooks,
  isShown,
  type LinkLike,
  type Shown,
} from "./attempt-columns";

/** The attempts table. Rows come sorted, filtered and paged; it draws them and says what the reader asks for. */
export function AttemptsTable(props: {
  rows: AttemptRow[];
  query: Pick<AttemptQuery, "sort" | "dir">;
  onSort: (sort: Pick<AttemptQuery, "sort" | "dir">) => void;
  href: (row: AttemptRow) => string;
  link: LinkLike;
  shown: Shown;
  /** Rows shown are those of an earlier question; the answer is on its way. */
  stale: boolean;
}) {
  const { href, link } = props;
  const { model, run } = props.shown;
  const columns = useMemo(
    () => attemptColumns(href, link).filter((c) => isShown(c.id ?? "", { model, run })),
    [href, link, model, run],
  );
  const sorting = useMemo<SortingState>(
    () => [{ id: props.query.sort, desc: props.query.dir === "desc" }],
    [props.query.sort, props.query.dir],
  );
  const onSortingChange: OnChangeFn<SortingState> = (change) => {
    const first = (typeof change === "function" ? change(sorting) : change)[0];
    const sort = ATTEMPT_SORTS.find((s) => s === first?.id);
    if (sort !== undefined) props.onSort({ sort, dir: first?.desc === true ? "desc" : "asc" });
  };
  const table = useTable({
    features: attemptFeatures,
    columns,
    data: props.rows,
    manualSorting: true,
    enableSortingRemoval: false,
    getRowId: (row) => row.id,
    state: { sorting },
    onSortingChange,
  });
  return (
    <div className="relative overflow-x-auto" role="region" aria-label="Attempts table" tabIndex={0}>
      <table className={cx("w-full min-w-[60rem] table-fixed", props.stale && "opacity-60")} aria-busy={props.stale}>
        <caption className="sr-only">Attempts of this study</caption>
        <colgroup>
          {table.getAllColumns().map((c) => (
            <col key={c.id} className={WIDTH[c.id]} />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-rule text-sm text-faint">
              {group.headers.map((h) => {
                const sorted = h.column.getIsSorted();
                const looks: ColumnLooks = h.column.columnDef.meta ?? {};
                return (
                  <th
                    key={h.id}
                    scope="col"
                    aria-sort={sorted === false ? undefined : sorted === "asc" ? "ascending" : "descending"}
                    className={cx("pe-4 py-1", looks.numeric === true && "text-end")}
                  >
                    {h.column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={h.column.getToggleSortingHandler()}
                        className={cx("min-h-6 whitespace-nowrap hover:text-ink", sorted !== false && "text-ink")}
                      >
                        <table.FlexRender header={h} />
                        <span aria-hidden className="inline-block w-3 text-center">
                          {sorted === "asc" ? "↑" : sorted === "desc" ? "↓" : ""}
                        </span>
                      </button>
                    ) : (
                      <table.FlexRender header={h} />
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="border-b border-rule hover:bg-sunken">
              {row.getAllCells().map((cell) => {
                const looks: ColumnLooks = cell.column.columnDef.meta ?? {};
                return (
                  <td key={cell.id} className={cx("py-1.5 pe-4 align-baseline", looks.numeric === true && "text-end")}>
                    <table.FlexRender cell={cell} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const WIDTH: Record<string, string> = {
  problem: "w-[34%]",
  model: "w-36",
  sampleIndex: "w-16",
  reward: "w-28",
  steps: "w-16",
  tokens: "w-20",
  error: "w-28",
  proposal: "w-28",
  prefix: "w-16",
  original: "w-20",
  intervention: "w-24",
};
