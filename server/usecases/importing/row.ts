/** What every reader of a file gives: its rows one at a time, or why one of them cannot be read. */
import { type Fields, tellable } from "../../core/importing/record";

/**
 * One row: its fields (and what had to be repaired in it), or why it cannot be read. `row` is the line in JSON lines, the
 * place in a JSON list, the record (without header) in CSV, the row in Parquet, the sample in an archive; from 1.
 */
export type FileRow =
  | { row: number; fields: Fields; repaired?: string }
  | { row: number; bad: { field: string; reason: string; empty?: true } };

/** Longer rows are refused one by one: a file without line ends would otherwise be read whole. Bytes. */
export const MAX_ROW_BYTES = 32 * 1024 * 1024;

/** Why a row is too long, for people. */
export const TOO_LONG = `is longer than ${MAX_ROW_BYTES / 1024 / 1024} MiB`;

export function badRow(row: number, reason: string, field = "row"): FileRow {
  return { row, bad: { field, reason: tellable(reason) } };
}
