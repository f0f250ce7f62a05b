import { type ExportFormat, loadDataset } from "../format";

const SOURCE = "this project's own columns (server/core/exporting/tables.ts)";

/** Every column of the source as JSON lines. */
export const jsonLines: ExportFormat<"columns"> = {
  id: "jsonl",
  label: "JSON lines, all columns",
  about: "Every column of the rows as they are here, one JSON object a line.",
  source: SOURCE,
  shape: "columns",
  files: ["jsonl"],
  fields: null,
  row: (row) => row,
  load: loadDataset,
};

/** The same in typed, nested Parquet columns. */
export const parquet: ExportFormat<"columns"> = {
  ...jsonLines,
  id: "parquet",
  label: "Parquet, all columns",
  about: "Every column of the rows as they are here, typed, with lists and structs as such.",
  files: ["parquet"],
};
