/**
 * Rows of a Parquet file, read from the disk a window of rows at a time. A row group may be the whole file (pandas writes
 * up to a million rows into one), so a large one is read by its pages: where the file has no offset index, the headers of the
 * pages are walked to find which rows each page holds.
 */
import { open } from "node:fs/promises";
import zlib from "node:zlib";
import { type AsyncBuffer, type Compressors, type FileMetaData, parquetMetadataAsync, parquetReadObjects, type RowGroup } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import type { Fields } from "../../core/importing/record";
import { InterveneError, messageOf } from "../../errors";
import { badRow, type FileRow } from "./row";

/** Row groups up to this size are read at once; of larger ones, windows of about this size. Bytes, unpacked. */
const WINDOW = 24 * 1024 * 1024;
/** Column chunks up to this size are read whole with every window. */
const SMALL_CHUNK = 4 * 1024 * 1024;
/** Larger row groups with large nested columns and without an offset index cannot be read in parts. */
const LARGEST_WHOLE = 512 * 1024 * 1024;

const compressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  ZSTD: (input) => zlib.zstdDecompressSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
};

/** A file of bytes that can be read at any place, and closed. */
export interface RandomBytes extends AsyncBuffer {
  close(): Promise<void>;
}

export async function diskBytes(file: string): Promise<RandomBytes> {
  const handle = await open(file, "r");
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      let at = 0;
      while (at < bytes.length) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) throw new Error("the file ends too early");
        at += bytesRead;
      }
      return bytes.buffer;
    },
    close: () => handle.close(),
  };
}

/** The number of rows. @throws InterveneError for what is no Parquet file (or is cut off: its end holds its index). */
export async function parquetMetadata(file: AsyncBuffer, name: string): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(file);
  } catch (cause) {
    throw new InterveneError("bad_input", `${name} cannot be read as Parquet (${messageOf(cause)}); was it cut off?`, { cause });
  }
}

/** All rows from `skip` on. A row group that cannot be read is one bad row, and the next ones go on. */
export async function* parquetRows(file: AsyncBuffer, metadata: FileMetaData, skip = 0): AsyncGenerator<FileRow> {
  let groupStart = 0;
  for (const [index, group] of metadata.row_groups.entries()) {
    const groupEnd = groupStart + Number(group.num_rows);
    try {
      for await (const rows of windows(file, metadata, index, groupStart, Math.max(skip, groupStart))) {
        for (const { row, fields } of rows) yield { row, fields };
      }
    } catch (error) {
      if (error instanceof InterveneError) throw error;
      const first = Math.max(skip, groupStart) + 1;
      yield badRow(first, `cannot be read, nor the rest of its row group up to row ${groupEnd} (${messageOf(error)})`, "file");
    }
    groupStart = groupEnd;
  }
}

async function* windows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  index: number,
  groupStart: number,
  from: number,
): AsyncGenerator<{ row: number; fields: Fields }[]> {
  const group = metadata.row_groups[index];
  if (!group) return;
  const rows = Number(group.num_rows);
  const size = group.columns.reduce((n, c) => n + Number(c.meta_data?.total_uncompressed_size ?? 0), 0);
  const whole = size <= WINDOW;
  const step = whole ? rows : Math.max(1, Math.floor((rows * WINDOW) / size));
  const located = whole ? null : await pageLocations(file, metadata, group, size);
  const pageLocationsByGroup = metadata.row_groups.map((_, i) => (i === index && located ? located : {}));
  for (let at = from; at < groupStart + rows; ) {
    const rowEnd = Math.min(groupStart + rows, at + step);
    const options = { file, metadata, compressors, rowStart: at, rowEnd, useOffsetIndex: true, pageLocationsByGroup };
    const read: Record<string, unknown>[] = await parquetReadObjects(options);
    yield read.map((fields, i) => ({ row: at + i + 1, fields: plain(fields) as Fields }));
    at = rowEnd;
  }
}

interface PageLocation {
  offset: bigint;
  compressed_page_size: number;
  first_row_index: bigint;
}

/** Where the pages of a group's large columns lie, for columns that the file itself has no index of. */
async function pageLocations(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  size: number,
): Promise<Record<string, PageLocation[]>> {
  const found: Record<string, PageLocation[]> = {};
  for (const column of group.columns) {
    const meta = column.meta_data;
    if (!meta || Number(meta.total_compressed_size) <= SMALL_CHUNK || column.offset_index_offset) continue;
    if (meta.path_in_schema.length > 1) {
      if (size <= LARGEST_WHOLE) continue;
      throw new InterveneError(
        "bad_input",
        `One row group of the Parquet file holds ${Math.round(size / 1e6)} MB with the nested column ${meta.path_in_schema.join(".")} and no page index, so it cannot be read in parts: write it again with smaller row groups (row_group_size=1000) or with write_page_index=True.`,
      );
    }
    found[meta.path_in_schema.join(".")] = await walkPages(file, metadata, meta);
  }
  return found;
}

type ColumnMeta = NonNullable<RowGroup["columns"][number]["meta_data"]>;

/** Hop from page header to page header. A flat column has one value per row, so values count rows. */
async function walkPages(file: AsyncBuffer, _metadata: FileMetaData, meta: ColumnMeta): Promise<PageLocation[]> {
  const pages: PageLocation[] = [];
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const end = start + Number(meta.total_compressed_size);
  let row = 0;
  for (let at = start; at < end; ) {
    const { header, length } = await readHeader(file, at, end);
    const bytes = length + header.compressed_page_size;
    const values = header.data_page_header?.num_values ?? header.data_page_header_v2?.num_rows;
    if (values !== undefined) {
      pages.push({ offset: BigInt(at), compressed_page_size: bytes, first_row_index: BigInt(row) });
      row += values;
    }
    at += bytes;
  }
  return pages;
}

async function readHeader(file: AsyncBuffer, at: number, end: number) {
  for (let length = 4096; ; length *= 16) {
    const view = new DataView(await file.slice(at, Math.min(end, at + length)));
    const reader = { view, offset: 0 };
    try {
      const header = parquetHeader(reader);
      return { header, length: reader.offset };
    } catch (error) {
      if (!(error instanceof RangeError) || at + length >= end) throw error;
    }
  }
}

/** Values as JSON has them: 64-bit integers as numbers where those are exact, else as text; dates as text. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
}
