/** What a file is taken for: its format, what is taken from it, and the problem set it fills. */
import path from "node:path";
import { canImportAs, detectFormat, FORMAT_IDS, formatById } from "../../core/importing/formats";
import { type ColumnMapping, type Fields, IMPORT_KINDS, type ImportFormat, type ImportKind, tellable } from "../../core/importing/record";
import { InterveneError } from "../../errors";
import { CONTAINER_NAMES, type OpenedFile } from "./open";
import type { FileRow } from "./row";

export interface Wish {
  /** The file's path or name, or the dataset's name, as people know it. */
  name: string;
  /** It is a dataset's name: nothing of it is a folder or an ending. */
  hub?: boolean | undefined;
  as?: ImportKind | undefined;
  /** Format id, or "auto". */
  format?: string | undefined;
  problemSet?: string | undefined;
  mapping?: ColumnMapping | undefined;
}

export interface Choice {
  format: ImportFormat;
  as: ImportKind;
  problemSet: string;
  /** For people. */
  sentence: string;
}

/** Rows that decide the format. */
export const SAMPLE = 20;

export async function headRows(opened: OpenedFile): Promise<FileRow[]> {
  const head: FileRow[] = [];
  for await (const row of opened.rows()) {
    head.push(row);
    if (head.length >= SAMPLE) break;
  }
  return head;
}

export const fieldsOf = (rows: readonly FileRow[]): Fields[] => rows.flatMap((r) => ("fields" in r ? [r.fields] : []));

/** @throws InterveneError("bad_input") for a format or kind that cannot be, and for a file that no format knows. */
export function choose(wish: Wish, opened: Pick<OpenedFile, "container" | "compression">, head: readonly FileRow[]): Choice {
  const given = wish.format && wish.format !== "auto" ? wish.format : null;
  const mapping = wish.mapping ?? {};
  const sample = fieldsOf(head);
  const format = given === null ? detectFormat(sample, mapping) : formatById(given, mapping);
  if (given !== null && !format) {
    throw new InterveneError("bad_input", `There is no format "${given}"; the formats are ${FORMAT_IDS.join(", ")}.`);
  }
  if (!format) {
    throw new InterveneError(
      "bad_input",
      `The format of ${wish.name} is not known: ${seen(sample, head)}. Say which columns hold what (a mapping: problem, answer, attempt, model, …), or name one of the formats ${FORMAT_IDS.join(", ")}.`,
    );
  }
  const as = wish.as ?? format.holds;
  if (!IMPORT_KINDS.includes(as)) {
    throw new InterveneError("bad_input", `--as ${as}: must be one of ${IMPORT_KINDS.join(", ")}.`);
  }
  if (!canImportAs(format, as)) {
    throw new InterveneError("bad_input", `${format.title} hold ${format.holds}; they cannot be imported as ${as}.`);
  }
  const stem = wish.hub ? wish.name : stemOf(wish.name);
  const how = `${CONTAINER_NAMES[opened.container]}${opened.compression ? `, ${opened.compression}` : ""}`;
  const why = given !== null ? "as asked" : format.id === "columns" ? "by the mapping" : "by its first rows";
  return {
    format,
    as,
    problemSet: tellable(wish.problemSet?.trim() || format.problemSet?.(stem, sample[0] ?? {}) || stem).slice(0, 200),
    sentence: `${shortName(wish)} is taken for ${format.title} (${format.id}, ${how}) ${why}.`,
  };
}

function seen(sample: readonly Fields[], head: readonly FileRow[]): string {
  if (sample[0] !== undefined) return tellable(`its first row has the fields ${Object.keys(sample[0]).join(", ")}`);
  const first = head[0];
  return first && "bad" in first ? `its first row ${first.bad.reason}` : "it has no row";
}

/** Without folders. */
export const shortName = (wish: Pick<Wish, "name" | "hub">): string => (wish.hub ? wish.name : path.basename(wish.name));

/** A file's name without folder, compression and ending. */
export function stemOf(name: string): string {
  const bare = path.basename(name).replace(/\.(gz|gzip|zst|zstd)$/i, "");
  return path.parse(bare).name || bare;
}
