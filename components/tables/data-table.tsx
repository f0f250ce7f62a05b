"use client";
import {
  columnVisibilityFeature,
  createColumnHelper,
  type OnChangeFn,
  type RowSelectionState,
  rowSelectionFeature,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useMemo, useRef, useEffect } from "react";
import { cellAs, type ListRow } from "@/server/core/lists/cells";
import type { ListSpec } from "@/server/core/lists/column";
import type { Sort } from "@/server/core/lists/query";
import { cx } from "../ui/cx";
import { CellView, type LinkLike } from "./cell";

/** Sorting, filtering and paging are the server's: the table keeps what is shown, and which rows are chosen. */
const features = tableFeatures({ rowSortingFeature, columnVisibilityFeature, rowSelectionFeature });
const helper = createColumnHelper<typeof features, ListRow>();

/** A page of a list. Rows come sorted, filtered and paged; it draws them and says what the reader asks for. */
export function DataTable(props: {
  spec: ListSpec;
  rows: ListRow[];
  /** Ids of the columns shown. */
  shown: readonly string[];
  sort: readonly Sort[];
  onSort: (sort: Sort[]) => void;
  /** Which of the rows are chosen; what is chosen on other pages is the caller's to keep. */
  chosen: (id: string) => boolean;
  onChoose: (change: Map<string, boolean>) => void;
  href: (column: string, row: ListRow) => string | null;
  tagHref: (tag: string) => string;
  link: LinkLike;
  /** Rows shown are those of an earlier question; the answer is on its way. */
  stale: boolean;
}) {
  const { spec, rows, shown, sort, chosen } = props;
  const columns = useMemo(
    () =>
      helper.columns(
        Object.entries(spec.columns).flatMap(([id, column]) =>
          column.hidden === true
            ? []
            : [
                helper.accessor((row) => row.cells[id] ?? null, {
                  id,
                  header: column.label,
                  enableSorting: column.sort === true,
                  sortDescFirst: false,
                }),
              ],
        ),
      ),
    [spec],
  );
  const columnVisibility = useMemo(
    () => Object.fromEntries(Object.keys(spec.columns).map((id) => [id, shown.includes(id)])),
    [spec, shown],
  );
  const sorting = useMemo<SortingState>(() => sort.map(({ id, desc }) => ({ id, desc })), [sort]);
  const rowSelection = useMemo<RowSelectionState>(
    () => Object.fromEntries(rows.filter((r) => chosen(r.id)).map((r) => [r.id, true as const])),
    [rows, chosen],
  );
  const onSortingChange: OnChangeFn<SortingState> = (change) => {
    const next = typeof change === "function" ? change(sorting) : change;
    if (next.length > 0) props.onSort(next.map(({ id, desc }) => ({ id, desc })));
  };
  const onRowSelectionChange: OnChangeFn<RowSelectionState> = (change) => {
    const next = typeof change === "function" ? change(rowSelection) : change;
    const changed = rows.filter((r) => (next[r.id] === true) !== (rowSelection[r.id] === true));
    props.onChoose(new Map(changed.map((r) => [r.id, next[r.id] === true])));
  };
  const table = useTable({
    features,
    columns,
    data: rows,
    manualSorting: true,
    enableSortingRemoval: false,
    maxMultiSortColCount: 4,
    getRowId: (row) => row.id,
    state: { sorting, columnVisibility, rowSelection },
    onSortingChange,
    onRowSelectionChange,
  });
  const width = shown.reduce((sum, id) => sum + (spec.columns[id]?.width ?? 8), 2.5);
  const all = rows.length > 0 && rows.every((r) => chosen(r.id));
  return (
    <div
      className="relative max-h-[85dvh] overflow-auto border-t border-ink"
      role="region"
      aria-label={`${spec.title} table`}
      tabIndex={0}
    >
      <table
        className={cx("w-full table-fixed", props.stale && "opacity-60")}
        style={{ minWidth: `${width}rem` }}
        aria-busy={props.stale}
      >
        <caption className="sr-only">{spec.title} of this study</caption>
        <colgroup>
          <col style={{ width: "2.5rem" }} />
          {table.getVisibleLeafColumns().map((c) => (
            <col key={c.id} style={{ width: `${spec.columns[c.id]?.width ?? 8}rem` }} />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="text-sm text-faint">
              <th scope="col" className="sticky top-0 z-10 border-b border-rule bg-paper py-1 ps-1">
                <Tick
                  label={`Choose the ${rows.length} ${rows.length === 1 ? spec.one : spec.many} on this page`}
                  checked={all}
                  some={!all && rows.some((r) => chosen(r.id))}
                  onChange={(on) => table.toggleAllRowsSelected(on)}
                />
              </th>
              {group.headers.map((h) => {
                const sorted = h.column.getIsSorted();
                const column = spec.columns[h.column.id];
                const place = sort.length > 1 ? sort.findIndex((s) => s.id === h.column.id) + 1 : 0;
                return (
                  <th
                    key={h.id}
                    scope="col"
                    aria-sort={sorted === false ? undefined : sorted === "asc" ? "ascending" : "descending"}
                    title={column?.about}
                    className={cx(
                      "sticky top-0 z-10 border-b border-rule bg-paper py-1 pe-4 align-bottom",
                      column?.end === true && "text-end",
                    )}
                  >
                    {h.column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={h.column.getToggleSortingHandler()}
                        className={cx("inline-flex min-h-6 items-center hover:text-ink", column?.end === true ? "text-end" : "text-start", sorted !== false && "text-ink")}
                      >
                        <table.FlexRender header={h} />
                        <span aria-hidden className="inline-block whitespace-nowrap">
                          {sorted === false ? "" : sorted === "asc" ? "\u2009↑" : "\u2009↓"}
                          {place > 0 && <sub>{place}</sub>}
                        </span>
                      </button>
                    ) : (
                      <span className="inline-flex min-h-6 items-center">
                        <table.FlexRender header={h} />
                      </span>
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row, i) => (
            <tr
              key={row.id}
              className={cx("border-b border-rule hover:bg-sunken", row.getIsSelected() && "bg-sunken")}
              aria-selected={row.getIsSelected()}
            >
              <td className="py-1.5 ps-1 align-baseline">
                <Tick
                  label={`Choose ${nameOf(spec, row.original, i)}`}
                  checked={row.getIsSelected()}
                  some={false}
                  onChange={(on) => row.toggleSelected(on)}
                />
              </td>
              {row.getVisibleCells().map((cell) => {
                const column = spec.columns[cell.column.id];
                if (column === undefined) return null;
                return (
                  <td key={cell.id} className={cx("py-1.5 pe-4 align-baseline", column.end === true && "text-end")}>
                    <CellView
                      row={row.original}
                      column={column}
                      cell={row.original.cells[cell.column.id] ?? null}
                      href={props.href(cell.column.id, row.original)}
                      link={props.link}
                      tagHref={props.tagHref}
                      again={i > 0 && sameProblem(rows[i - 1], row.original)}
                    />
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

function sameProblem(a: ListRow | undefined, b: ListRow): boolean {
  return a?.ref.problem !== undefined && a.ref.problem === b.ref.problem && a.ref.attempt !== undefined;
}

/** What a row is called, for those who only hear it. */
function nameOf(spec: ListSpec, row: ListRow, index: number): string {
  const lead = spec.columns[spec.lead];
  const cell = row.cells[spec.lead] ?? null;
  if (lead?.show === "statement") return `row ${index + 1}, problem ${(cellAs("statement", cell)?.ordinal ?? 0) + 1}`;
  return `row ${index + 1}, ${cellAs("link", cell)?.label ?? spec.one}`;
}

/** A native tick box with the third state. */
function Tick(props: { label: string; checked: boolean; some: boolean; onChange: (on: boolean) => void }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = props.some;
  }, [props.some]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={props.label}
      checked={props.checked}
      onChange={(e) => props.onChange(e.target.checked)}
      className="size-4 translate-y-0.5 accent-ink"
    />
  );
}
