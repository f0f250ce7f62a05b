"use client";
import { useTable } from "@tanstack/react-table";
import { useMemo } from "react";
import type { DatasetCard } from "@/server/core/datasets/view";
import type { ColumnLooks, LinkLike } from "../study/attempt-columns";
import { cx } from "../ui/cx";
import { datasetColumns, datasetFeatures } from "./dataset-columns";

const WIDTH: Record<string, string> = {
  name: "w-[22%]",
  source: "w-28",
  state: "w-44",
  rows: "w-20",
  tokens: "w-24",
  base: "w-[14%]",
  digest: "w-32",
  createdAt: "w-40",
};

/** The data sets of a study. */
export function DatasetsTable(props: { rows: DatasetCard[]; href: (d: DatasetCard) => string; link: LinkLike }) {
  const { href, link } = props;
  const columns = useMemo(() => datasetColumns(href, link), [href, link]);
  const table = useTable({ features: datasetFeatures, columns, data: props.rows, getRowId: (d) => d.id });
  return (
    <div
      className="relative overflow-x-auto border-t border-ink"
      role="region"
      aria-label="Data sets table"
      tabIndex={0}
    >
      <table className="w-full min-w-[58rem] table-fixed">
        <caption className="sr-only">Data sets of this study</caption>
        <colgroup>
          {table.getAllColumns().map((c) => (
            <col key={c.id} className={WIDTH[c.id]} />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-b border-rule text-sm text-faint">
              {group.headers.map((h) => (
                <th key={h.id} scope="col" className={cx("py-1 pe-4", looksOf(h.column.columnDef.meta).numeric && "text-end")}>
                  <table.FlexRender header={h} />
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="border-b border-rule hover:bg-sunken">
              {row.getAllCells().map((cell) => (
                <td
                  key={cell.id}
                  className={cx("py-1.5 pe-4 align-baseline", looksOf(cell.column.columnDef.meta).numeric && "text-end")}
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

const looksOf = (meta: ColumnLooks | undefined): ColumnLooks => meta ?? {};
