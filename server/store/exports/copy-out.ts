import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { Field, Row, Value } from "../../core/exporting/fields";
import { type Decoder, decoderOf, sqlType } from "./decode";

/** What is read: an expression for each field, and where from. */
export interface Query {
  fields: readonly Field[];
  /** SQL by field name. */
  columns: Readonly<Record<string, string>>;
  /** FROM … WHERE … , without ORDER BY. */
  from: string;
  /** ORDER BY expressions; an index must give this order, or all rows are sorted with their texts. */
  order: string;
}

/** Rows handed over at once: so many, or as many as fill {@link BATCH_BYTES}. */
const BATCH_ROWS = 1_000;
const BATCH_BYTES = 4 << 20;

/** "PGCOPY\n\xff\r\n\0", flags, length of the header's extension. */
const HEADER = 19;

/** How many rows a query has. */
export async function countRows(client: pg.ClientBase, query: Query): Promise<number> {
  const { rows } = await client.query<{ n: string }>(`SELECT count(*) AS n ${query.from}`);
  return Number(rows[0]?.n ?? 0);
}

/**
 * Rows of a query in batches, in constant memory: COPY's binary stream, decoded as it comes. With `raw`, texts stay UTF-8
 * bytes, which are views that hold only until the next batch is asked for.
 */
export async function* copyOut(
  client: pg.ClientBase,
  query: Query,
  options: { raw?: boolean; limit?: number; signal?: AbortSignal } = {},
): AsyncGenerator<Row[]> {
  const { fields, columns } = query;
  const selected = fields.map((f) => {
    const sql = columns[f.name];
    if (sql === undefined) throw new Error(`no SQL for column ${f.name}`);
    return `(${sql})::${sqlType(f.type)}`;
  });
  const limit = options.limit === undefined ? "" : ` LIMIT ${Math.trunc(options.limit)}`;
  const sql = `SELECT ${selected.join(", ")} ${query.from} ORDER BY ${query.order}${limit}`;
  const stream = client.query(copyTo(`COPY (${sql}) TO STDOUT (FORMAT binary)`, { highWaterMark: 1 << 20 }));
  const decoders = fields.map((f) => decoderOf(f.type, options.raw ?? false));
  const seam = new Seam();
  let header = true;
  let rows: Row[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      options.signal?.throwIfAborted();
      let at = 0;
      // The row (before the first: the header) that began in an earlier message: only its own bytes are joined.
      while (seam.open && at < chunk.length) {
        at = seam.fill(chunk, at);
        const whole = seam.whole();
        if (whole === null) break;
        if (header) {
          const end = HEADER + (whole.length < HEADER ? 0 : whole.readInt32BE(HEADER - 4));
          if (whole.length < end) seam.keep(whole, end);
          else header = false;
          continue;
        }
        const end = tupleEnd(whole, 0);
        if (end > 0) {
          rows.push(decodeTuple(whole, 0, fields, decoders));
          bytes += end;
        } else if (end < 0) seam.keep(whole, -end);
      }
      for (;;) {
        if (rows.length >= BATCH_ROWS || bytes >= BATCH_BYTES) {
          yield rows;
          rows = [];
          bytes = 0;
        }
        if (seam.open) break;
        const end = tupleEnd(chunk, at);
        if (end <= 0) {
          if (end < 0) seam.keep(chunk.subarray(at), -end);
          break;
        }
        rows.push(decodeTuple(chunk, at, fields, decoders));
        bytes += end - at;
        at = end;
      }
    }
    if (rows.length > 0) yield rows;
  } finally {
    // A reader that stops early leaves the connection in the middle of a COPY: whoever lent it must close it.
    stream.destroy();
  }
}

/** What came of a row whose rest is still to come; at the beginning, the header is awaited. */
class Seam {
  private parts: Buffer[] = [];
  private have = 0;
  private need = HEADER;

  get open(): boolean {
    return this.have < this.need;
  }

  keep(part: Buffer, need: number): void {
    this.parts = [part];
    this.have = part.length;
    this.need = need;
  }

  /** Take what is missing from a message. @returns where the rest of it begins. */
  fill(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.need - this.have);
    this.parts.push(chunk.subarray(at, end));
    this.have += end - at;
    return end;
  }

  /** As many bytes as were known to be missing, joined; null while some still are. */
  whole(): Buffer | null {
    if (this.open) return null;
    const whole = Buffer.concat(this.parts, this.have);
    this.parts = [];
    this.have = 0;
    this.need = 0;
    return whole;
  }
}

/** Where the row that begins at `at` ends; minus the bytes from `at` that it takes at least, when they are not all there. */
function tupleEnd(buffer: Buffer, at: number): number {
  if (at + 2 > buffer.length) return -2;
  const fields = buffer.readInt16BE(at);
  if (fields === -1) return 0; // the mark after the last row
  let end = at + 2;
  for (let i = 0; i < fields; i++) {
    if (end + 4 > buffer.length) return -(end + 4 - at);
    const size = buffer.readInt32BE(end);
    end += 4 + Math.max(size, 0);
  }
  return end <= buffer.length ? end : -(end - at);
}

function decodeTuple(buffer: Buffer, from: number, fields: readonly Field[], decoders: readonly Decoder[]): Row {
  const row: Record<string, Value> = {};
  let at = from + 2;
  for (let i = 0; i < fields.length; i++) {
    const size = buffer.readInt32BE(at);
    at += 4;
    const name = (fields[i] as Field).name;
    if (size < 0) row[name] = null;
    else {
      row[name] = (decoders[i] as Decoder)(buffer, at, at + size);
      at += size;
    }
  }
  return row;
}
