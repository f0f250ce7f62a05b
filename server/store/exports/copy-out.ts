import type pg from "pg";
import type { Field, Row, Value } from "../../core/exporting/fields";
import { copyBytes } from "./copy-bytes";
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

/** Rows handed over at once: so many, or as many as came in one piece of {@link copyBytes}. */
const BATCH_ROWS = 1_000;

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
  const decoders = fields.map((f) => decoderOf(f.type, options.raw ?? false));
  const bytes = copyBytes(client, `COPY (${sql}) TO STDOUT (FORMAT binary)`);
  let header = true;
  /** The beginning of a row whose rest is in the next piece: the server sends rows whole, but does not promise to. */
  let tail: Buffer = NOTHING;
  try {
    for (let piece = await bytes.take(); piece !== null; piece = await bytes.take()) {
      const buffer: Buffer = tail.length > 0 ? Buffer.concat([tail, piece]) : piece;
      tail = NOTHING;
      let at = 0;
      if (header) {
        const end = buffer.length < HEADER ? HEADER : HEADER + buffer.readInt32BE(HEADER - 4);
        if (buffer.length < end) {
          tail = Buffer.from(buffer);
          bytes.give(piece);
          continue;
        }
        header = false;
        at = end;
      }
      let rows: Row[] = [];
      for (;;) {
        const end = tupleEnd(buffer, at);
        if (end < 0) tail = Buffer.from(buffer.subarray(at));
        if (end <= 0) break;
        rows.push(decodeTuple(buffer, at, fields, decoders));
        at = end;
        if (rows.length < BATCH_ROWS) continue;
        options.signal?.throwIfAborted();
        yield rows;
        rows = [];
      }
      options.signal?.throwIfAborted();
      if (rows.length > 0) yield rows;
      bytes.give(piece);
    }
  } finally {
    bytes.abandon();
  }
}

const NOTHING = Buffer.alloc(0);

/** Where the row that begins at `at` ends; 0 at the mark after the last; -1 when it is not all there. */
function tupleEnd(buffer: Buffer, at: number): number {
  if (at + 2 > buffer.length) return -1;
  const fields = buffer.readInt16BE(at);
  if (fields === -1) return 0; // the mark after the last row
  let end = at + 2;
  for (let i = 0; i < fields; i++) {
    if (end + 4 > buffer.length) return -1;
    const size = buffer.readInt32BE(end);
    end += 4 + Math.max(size, 0);
  }
  return end <= buffer.length ? end : -1;
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
