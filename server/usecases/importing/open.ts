/** A file's rows, whatever it is: by its first bytes and its name. */
import path from "node:path";
import { InterveneError } from "../../errors";
import { type Compression, type FileBytes, openBytes } from "./bytes";
import { csvRows } from "./csv";
import { jsonDocument } from "./json-document";
import { jsonLines } from "./json-lines";
import { parseRow } from "./json-value";
import { diskBytes, parquetMetadata, parquetRows } from "./parquet";
import type { FileRow } from "./row";
import { countSamples, zipRows } from "./zip";

export type Container = "jsonl" | "json" | "csv" | "tsv" | "parquet" | "zip";

/** How people call it. */
export const CONTAINER_NAMES: Record<Container, string> = {
  jsonl: "JSON lines",
  json: "JSON",
  csv: "CSV",
  tsv: "TSV",
  parquet: "Parquet",
  zip: "an archive of samples",
};

export interface OpenedFile {
  container: Container;
  compression: Compression;
  /** Size on the disk, in bytes. */
  bytes: number;
  /** Rows after the first `skip`; can be called again. */
  rows(skip?: number): AsyncGenerator<FileRow>;
  /** How much of the file the rows read so far take up, from 0 to 1. */
  share(row: number): number;
}

const UTF8_BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Look at a file's name and first bytes, and say how its rows are read.
 * @param name the name that its ending is taken from, where the file lies under another one.
 * @throws InterveneError("bad_input" | "not_found") for a file that is missing, empty or of a kind that is not read.
 */
export async function openRows(file: string, name = file): Promise<OpenedFile> {
  const bytes = await openBytes(file);
  const head = bytes.head.subarray(0, 3).equals(UTF8_BOM) ? bytes.head.subarray(3) : bytes.head;
  if (head.toString("latin1").trim() === "" && bytes.head.length < 64 * 1024) {
    throw new InterveneError("bad_input", `${name} is empty.`);
  }
  const container = containerOf(name, head, bytes.compression);
  const opened = { container, compression: bytes.compression, bytes: bytes.size };
  const share = () => (bytes.size === 0 ? 1 : Math.min(1, bytes.read() / bytes.size));
  switch (container) {
    case "jsonl":
      return { ...opened, rows: (skip) => jsonLines(withoutBom(bytes), skip), share };
    case "json":
      return { ...opened, rows: (skip) => jsonDocument(bytes.pieces(), skip), share };
    case "csv":
    case "tsv":
      return { ...opened, rows: (skip) => csvRows(bytes.pieces(), container === "tsv" ? "\t" : ",", skip), share };
    case "parquet":
      return { ...opened, ...(await openParquet(file, name)) };
    case "zip": {
      const samples = await countSamples(file);
      return { ...opened, rows: (skip) => zipRows(file, skip), share: (row) => (samples === 0 ? 1 : row / samples) };
    }
  }
}

async function openParquet(file: string, name: string): Promise<Pick<OpenedFile, "rows" | "share">> {
  const disk = await diskBytes(file);
  const metadata = await parquetMetadata(disk, name).finally(() => disk.close());
  const total = Number(metadata.num_rows);
  async function* rows(skip = 0): AsyncGenerator<FileRow> {
    const again = await diskBytes(file);
    try {
      yield* parquetRows(again, metadata, skip);
    } finally {
      await again.close();
    }
  }
  return { rows, share: (row) => (total === 0 ? 1 : row / total) };
}

async function* withoutBom(bytes: FileBytes): AsyncGenerator<Buffer> {
  let first = true;
  for await (const piece of bytes.pieces()) {
    yield first && piece.subarray(0, 3).equals(UTF8_BOM) ? piece.subarray(3) : piece;
    first = false;
  }
}

function containerOf(name: string, head: Buffer, compression: Compression): Container {
  const refuse = (what: string, todo: string) =>
    new InterveneError("bad_input", `${name} is ${what}, which cannot be imported; ${todo}.`);
  const packed = compression === null ? "" : ` inside of ${compression}`;
  if (head.subarray(0, 4).toString("latin1") === "PAR1") {
    if (packed !== "") throw refuse(`a Parquet file${packed}`, "unpack it first");
    return "parquet";
  }
  if (head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]))) {
    if (packed !== "") throw refuse(`a zip archive${packed}`, "unpack it first");
    return "zip";
  }
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) throw refuse("UTF-16 text", "save it as UTF-8");
  if (head[0] === 0x1f && head[1] === 0x8b) throw refuse("packed twice with gzip", "unpack it first");
  const ending = path.extname(name.replace(/\.(gz|gzip|zst|zstd)$/i, "")).toLowerCase();
  const lead = head.toString("latin1").trimStart();
  if (ending === ".csv") return "csv";
  if (ending === ".tsv") return "tsv";
  if (ending === ".jsonl" || ending === ".ndjson") return "jsonl";
  if (lead.startsWith("[")) return "json";
  if (lead.startsWith("{")) return isLines(head) ? "jsonl" : "json";
  if (ending === ".json") throw refuse("no JSON", "it begins with neither { nor [");
  return lead.split("\n")[0]?.includes("\t") ? "tsv" : "csv";
}

/** Does the first line hold a whole object, and is there nothing, or another one, after it? */
function isLines(head: Buffer): boolean {
  const end = head.indexOf(0x0a);
  const line = end < 0 ? head : head.subarray(0, end);
  if (!("fields" in parseRow(line))) return false;
  const rest = end < 0 ? "" : head.subarray(end).toString("latin1").trimStart();
  return rest === "" || rest.startsWith("{");
}
