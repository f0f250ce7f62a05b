import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, zstdCompress } from "node:zlib";
import type { Field, Row, Value } from "../../core/exporting/fields";
import type { FileKind } from "../../core/exporting/format";
import { ParquetWriter } from "../../core/exporting/parquet/writer";

/** A data file under way. */
export interface Sink {
  add(rows: readonly Row[]): Promise<void>;
  finish(): Promise<{ rows: number; bytes: number; sha256: string }>;
  /** Let go of the file; what was written stays. */
  close(): Promise<void>;
}

const compressAsync = promisify(zstdCompress);
/** The fastest level: 8 kB answers come out at two thirds of SNAPPY's size, in less time. */
const FAST = { [constants.ZSTD_c_compressionLevel]: 1 };

/** In the thread pool, beside the reading. Mostly one output buffer: the default of 16 kB means a callback for each. */
async function zstd(bytes: Uint8Array): Promise<Uint8Array> {
  const chunkSize = Math.min(Math.max(bytes.length >> 1, 1024), 4 << 20);
  return compressAsync(bytes, { params: FAST, chunkSize, pledgedSrcSize: bytes.length });
}

/** Open a data file for writing. @param tool for Parquet's "created by". */
export async function openSink(kind: FileKind, file: string, fields: readonly Field[], tool: string): Promise<Sink> {
  const handle = await open(file, "w");
  const hash = createHash("sha256");
  let bytes = 0;
  const write = async (part: Uint8Array): Promise<void> => {
    hash.update(part);
    bytes += part.length;
    for (let at = 0; at < part.length; ) at += (await handle.write(part, at)).bytesWritten;
  };
  const done = async (rows: number) => {
    await handle.close();
    return { rows, bytes, sha256: hash.digest("hex") };
  };
  const close = () => handle.close().catch(() => {});
  if (kind === "parquet") {
    const writer = new ParquetWriter(fields, { compress: zstd, write, createdBy: tool });
    return { add: (rows) => writer.add(rows), finish: async () => done(await writer.finish()), close };
  }
  const line = jsonLine(fields);
  let rows = 0;
  return {
    async add(batch) {
      rows += batch.length;
      if (batch.length > 0) await write(Buffer.from(batch.map(line).join("")));
    },
    finish: () => done(rows),
    close,
  };
}

/**
 * Rows as lines of JSON: times in ISO 8601, numbers of 64 bits as numbers; what JSON has no number for (NaN, ±infinity)
 * as null.
 */
export function jsonLine(fields: readonly Field[]): (row: Row) => string {
  // Only number lists and big integers need a hand; JSON.stringify knows the rest.
  const special = fields.filter((f) => f.type.kind === "long" || (f.type.kind === "list" && isNumber(f.type.of.kind)));
  if (special.length === 0) return (row) => `${JSON.stringify(row)}\n`;
  return (row) => {
    const plain: Record<string, Value> = { ...row };
    for (const { name } of special) {
      const value = row[name];
      if (typeof value === "bigint") plain[name] = Number(value);
      else if (value instanceof Int32Array || value instanceof Float32Array) plain[name] = Array.from(value);
    }
    return `${JSON.stringify(plain)}\n`;
  };
}

const isNumber = (kind: string) => kind === "int" || kind === "float";
