import { deflateRawSync, crc32, zstdCompressSync } from "node:zlib";
import { appendFileSync, writeFileSync } from "node:fs";
import type { Field, Row } from "@/server/core/exporting/fields";
import { ParquetWriter } from "@/server/core/exporting/parquet/writer";

/** Write rows as Parquet; without an offset index, as older writers do. */
export async function writeParquet(file: string, fields: readonly Field[], rows: Iterable<Row>, sizes: { pageSize?: number; groupSize?: number } = {}): Promise<void> {
  writeFileSync(file, "");
  const writer = new ParquetWriter(fields, {
    compress: async (bytes) => zstdCompressSync(bytes),
    write: async (bytes) => appendFileSync(file, bytes),
    createdBy: "a test",
    ...sizes,
  });
  await writer.add(rows);
  await writer.finish();
}

/** A zip archive of texts (deflate), as Inspect AI writes its logs. Format: PKWARE's APPNOTE, 4.3. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const raw = Buffer.from(text);
    const body = deflateRawSync(raw);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(body.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, Buffer.from(name), body]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    index.push(Buffer.concat([Buffer.from("PK\x01\x02"), Buffer.from([20, 0]), common, rest, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const central = Buffer.concat(index);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(index.length, 4);
  end.writeUInt16LE(index.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, central, Buffer.from("PK\x05\x06"), end]);
}
