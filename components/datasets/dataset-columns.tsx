import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import { SOURCE_LABEL } from "@/server/core/datasets/sources";
import type { DatasetCard } from "@/server/core/datasets/view";
import type { LinkLike } from "../study/attempt-columns";
import { count, moment } from "../ui/format";
import { BuildState } from "./build-state";

export const datasetFeatures = tableFeatures({});

const helper = createColumnHelper<typeof datasetFeatures, DatasetCard>();

/** The columns of the table of data sets. */
export const datasetColumns = (href: (d: DatasetCard) => string, Link: LinkLike) =>
  helper.columns([
    helper.accessor("name", {
      header: "Name",
      cell: ({ row: { original: d } }) => (
        <Link href={href(d)} className="block truncate font-medium">
          {d.name}
        </Link>
      ),
    }),
    helper.accessor("source", { header: "Source", cell: ({ getValue }) => SOURCE_LABEL[getValue()] }),
    helper.accessor("state", { header: "State", cell: ({ row: { original: d } }) => <BuildState dataset={d} /> }),
    helper.accessor("rows", {
      header: "Rows",
      cell: ({ getValue, row: { original: d } }) => (
        <span className={d.state === "ready" ? "" : "text-faint"}>{count(getValue())}</span>
      ),
      meta: { numeric: true },
    }),
    helper.accessor("tokens", {
      header: "Tokens",
      cell: ({ getValue }) => {
        const tokens = getValue();
        return tokens === null ? <span className="sr-only">not counted</span> : count(tokens);
      },
      meta: { numeric: true },
    }),
    helper.accessor("base", {
      header: "Base model",
      cell: ({ getValue }) => <span className="block truncate text-soft">{getValue()}</span>,
    }),
    helper.accessor("digest", {
      header: "Digest",
      cell: ({ getValue }) => (
        <span className="font-mono text-xs text-soft" title={getValue()}>
          {getValue().slice(0, 12)}
        </span>
      ),
    }),
    helper.accessor("createdAt", {
      header: "Created",
      cell: ({ getValue }) => <span className="text-sm whitespace-nowrap text-faint">{moment(getValue())}</span>,
    }),
  ]);
