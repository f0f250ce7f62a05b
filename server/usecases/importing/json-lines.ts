import type { Readable } from "node:stream";
import { tellable } from "../../core/importing/record";
import { DamagedFile } from "./bytes";
import { parseRow } from "./json-value";
import { badRow, type FileRow, MAX_ROW_BYTES, TOO_LONG } from "./row";

const NEWLINE = 0x0a;

/** Lines of a stream of bytes; null for one that is too long. In constant memory. */
async function* lines(pieces: AsyncIterable<Buffer>): AsyncGenerator<{ line: number; bytes: Buffer | null }> {
  let line = 0;
  let kept: Buffer[] = [];
  let size = 0;
  for await (const piece of pieces) {
    let from = 0;
    for (;;) {
      const end = piece.indexOf(NEWLINE, from);
      const part = piece.subarray(from, end < 0 ? piece.length : end);
      size += part.length;
      if (size > MAX_ROW_BYTES) kept = [];
      else if (part.length > 0) kept.push(part);
      if (end < 0) break;
      line += 1;
      yield { line, bytes: size > MAX_ROW_BYTES ? null : join(kept) };
      kept = [];
      size = 0;
      from = end + 1;
    }
  }
  if (size > 0) yield { line: line + 1, bytes: size > MAX_ROW_BYTES ? null : join(kept) };
}

const join = (parts: Buffer[]) => (parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts));

/**
 * Rows of JSON lines. Bytes are decoded per line, so that one that is not UTF-8 costs that line alone.
 * @param skip lines that are passed over without being read.
 */
export async function* jsonLines(pieces: AsyncIterable<Buffer>, skip = 0): AsyncGenerator<FileRow> {
  let last = 0;
  try {
    for await (const { line, bytes } of lines(pieces)) {
      last = line;
      if (line <= skip) continue;
      if (!bytes) {
        yield badRow(line, TOO_LONG);
        continue;
      }
      const parsed = parseRow(bytes);
      if ("fields" in parsed) yield { row: line, ...parsed };
      else yield { row: line, bad: { field: "row", ...parsed, reason: tellable(parsed.reason) } };
    }
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    yield badRow(last + 1, `${error.message}: this row and all after it are lost`, "file");
  }
}

/** Rows of JSON lines from any stream, e.g. standard input. */
export function jsonLinesOf(stream: Readable): AsyncGenerator<FileRow> {
  return jsonLines(buffers(stream));
}

async function* buffers(stream: Readable): AsyncGenerator<Buffer> {
  for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
}
