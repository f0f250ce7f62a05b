/**
 * The rows of a file, one at a time: JSON lines or CSV, in constant memory. Bytes are decoded per row, so that one that is
 * not UTF-8 costs that row alone.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { pipeline, type Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { Fields } from "../core/importing/record";
import { InterveneError, messageOf } from "../errors";

export type Container = "jsonl" | "csv" | "tsv";

/**
 * One row: its fields (and what had to be repaired in it), or why it cannot be read. `row` is the line in JSON lines, the
 * record (without header) in CSV.
 */
export type FileRow =
  | { row: number; fields: Fields; repaired?: string }
  | { row: number; bad: { field: string; reason: string; empty?: true } };

/** Longer rows are refused one by one: a file without line ends would otherwise be read whole. Bytes. */
export const MAX_ROW_BYTES = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

export interface OpenedFile {
  container: Container;
  /** Size in bytes. */
  bytes: number;
  rows(): AsyncGenerator<FileRow>;
}

/**
 * Look at a file's name and first bytes, and say how its rows are read.
 * @throws InterveneError("bad_input" | "not_found") for a file that is missing, empty or of a kind that is not read.
 */
export async function openRows(file: string): Promise<OpenedFile> {
  const head = Buffer.alloc(4096);
  let bytes = 0;
  let length = 0;
  try {
    const handle = await open(file, "r");
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) throw new InterveneError("bad_input", `${file} is a folder; name a file in it.`);
      bytes = stat.size;
      length = (await handle.read(head, 0, head.length, 0)).bytesRead;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof InterveneError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const message = missing ? `There is no file ${file}.` : `${file} cannot be read: ${messageOf(cause)}.`;
    throw new InterveneError(missing ? "not_found" : "bad_input", message, { cause });
  }
  const start = head.subarray(0, 3).equals(BOM) ? 3 : 0;
  const first = head.subarray(start, length);
  if (first.toString("latin1").trim() === "" && length === bytes) {
    throw new InterveneError("bad_input", `${file} is empty.`);
  }
  const container = containerOf(file, first);
  return {
    container,
    bytes,
    rows: () =>
      container === "jsonl" ? jsonRows(file, start) : csvRows(file, start, container === "tsv" ? "\t" : ","),
  };
}

function containerOf(file: string, first: Buffer): Container {
  const refuse = (what: string, todo: string) =>
    new InterveneError("bad_input", `${file} is ${what}, which cannot be imported; ${todo}.`);
  if (first[0] === 0x1f && first[1] === 0x8b) throw refuse("compressed with gzip", "unpack it first");
  if (first.subarray(0, 2).toString("latin1") === "PK") throw refuse("a zip archive", "unpack it first");
  if (first.subarray(0, 4).toString("latin1") === "PAR1")
    throw refuse("a Parquet file", "write its rows as JSON lines");
  if (first[0] === 0xff && first[1] === 0xfe) throw refuse("UTF-16 text", "save it as UTF-8");
  const ending = path.extname(file).toLowerCase();
  const lead = first.toString("latin1").trimStart();
  // A list may begin a line of a broken JSON lines file; only an ending that promises one document decides.
  if (lead.startsWith("[") && ending !== ".jsonl")
    throw refuse("one JSON list", "write one object per line (JSON lines)");
  if (ending === ".csv") return "csv";
  if (ending === ".tsv") return "tsv";
  return ending === ".jsonl" || ending === ".json" || ending === ".ndjson" || lead.startsWith("{") ? "jsonl" : "csv";
}

async function* lines(from: Readable): AsyncGenerator<{ line: number; bytes: Buffer | null }> {
  let line = 0;
  let kept: Buffer[] = [];
  let size = 0;
  let tooLong = false;
  for await (const chunk of from) {
    const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    let from = 0;
    for (;;) {
      const end = buffer.indexOf(NEWLINE, from);
      const piece = buffer.subarray(from, end < 0 ? buffer.length : end);
      size += piece.length;
      if (size > MAX_ROW_BYTES) {
        tooLong = true;
        kept = [];
      } else if (piece.length > 0) kept.push(piece);
      if (end < 0) break;
      line += 1;
      yield { line, bytes: tooLong ? null : join(kept) };
      kept = [];
      size = 0;
      tooLong = false;
      from = end + 1;
    }
  }
  if (size > 0) yield { line: line + 1, bytes: tooLong ? null : join(kept) };
}

const join = (pieces: Buffer[]) => (pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));

/** Rows of JSON lines: a file from byte `start` on, or a stream of bytes. */
export async function* jsonRows(from: string | Readable, start = 0): AsyncGenerator<FileRow> {
  const stream = typeof from === "string" ? createReadStream(from, { start, highWaterMark: 256 * 1024 }) : from;
  const bad = (row: number, reason: string): FileRow => ({ row, bad: { field: "row", reason } });
  for await (const { line, bytes } of lines(stream)) {
    if (!bytes) {
      yield bad(line, `is longer than ${MAX_ROW_BYTES / 1024 / 1024} MiB`);
      continue;
    }
    let text: string;
    try {
      text = utf8.decode(bytes);
    } catch {
      yield bad(line, "is not UTF-8");
      continue;
    }
    if (text.trim() === "") {
      yield { row: line, bad: { field: "row", reason: "is empty", empty: true } };
      continue;
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      yield bad(line, `is not JSON (${messageOf(cause)})`);
      continue;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      yield bad(line, "is not a JSON object");
      continue;
    }
    yield { row: line, fields: value as Fields };
  }
}

async function* csvRows(file: string, start: number, delimiter: string): AsyncGenerator<FileRow> {
  const skipped: FileRow[] = [];
  let records = 0;
  let header: string[] | null = null;
  // latin1 carries every byte through the parser, so that each row can be decoded, and refused, by itself.
  const parser = parse({
    delimiter,
    encoding: "latin1",
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: MAX_ROW_BYTES,
    on_skip: (error) => {
      records += 1;
      skipped.push({ row: records, bad: { field: "row", reason: error?.message ?? "cannot be read as CSV" } });
      return undefined;
    },
  });
  pipeline(createReadStream(file, { start }), parser, () => {});
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      let decoded: string[];
      if (header) records += 1;
      try {
        decoded = cells.map((c) => utf8.decode(Buffer.from(c, "latin1")));
      } catch {
        if (!header) throw new InterveneError("bad_input", `The header of ${file} is not UTF-8.`);
        yield { row: records, bad: { field: "row", reason: "is not UTF-8" } };
        continue;
      }
      if (!header) {
        header = decoded;
        continue;
      }
      const repaired = decoded.length === header.length - 1 ? closeQuote(decoded) : null;
      if (repaired) {
        const what = "a quotation mark that was not closed (the cell ended at a line break before a comma)";
        yield { row: records, fields: byName(header, repaired), repaired: what };
        continue;
      }
      if (decoded.length !== header.length) {
        const reason = `has ${decoded.length} fields where the header has ${header.length}`;
        yield { row: records, bad: { field: "row", reason } };
        continue;
      }
      yield { row: records, fields: byName(header, decoded) };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    yield { row: records + 1, bad: { field: "row", reason: `and all after it cannot be read: ${cause.message}` } };
  }
  yield* skipped;
}

const byName = (header: string[], cells: string[]): Fields =>
  Object.fromEntries(header.map((name, i) => [name, cells[i]]));

/**
 * A record that is one cell short, because a quoted cell which ends with a line break lost its closing quote and ran on
 * into the next one (so does problem 036 of IMO-AnswerBench v2: `…\n,"$Y(x)=…$",Algebra`). Null when it is not that.
 */
function closeQuote(cells: string[]): string[] | null {
  const merged = cells.flatMap((cell, i) => {
    const m = /^([\s\S]*\n),"?([^\n"]*)"$/.exec(cell);
    return m ? [{ i, parts: [m[1] ?? "", m[2] ?? ""] }] : [];
  });
  const [only] = merged;
  return only && merged.length === 1 ? cells.toSpliced(only.i, 1, ...only.parts) : null;
}
