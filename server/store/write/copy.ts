import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { Tx } from "../transaction";

/** A table that stages write to: its name and the columns that are given (the rest take their defaults). */
export interface CopyTable<Row> {
  readonly table: string;
  readonly columns: readonly (keyof Row & string)[];
  /** SQL that a staged row (alias s) must satisfy to be taken over, e.g. that the row it points at exists. */
  readonly where?: string;
}

type Value = string | number | boolean | null | undefined | object;

/** Which staging tables a connection already has. They live as long as the connection and are emptied at COMMIT. */
const staged = new WeakMap<object, Set<string>>();

/** Make the connection's staging tables; outside of the transaction, because a rollback would take them away again. */
export async function ensureStaging(client: pg.PoolClient, tables: readonly string[]): Promise<void> {
  const have = staged.get(client) ?? new Set<string>();
  const missing = tables.filter((t) => !have.has(t));
  if (missing.length === 0) return;
  const make = missing.map(
    (t) => `CREATE TEMP TABLE IF NOT EXISTS stage_${t} (LIKE "${t}" INCLUDING DEFAULTS) ON COMMIT DELETE ROWS`,
  );
  await client.query(make.join("; "));
  for (const t of missing) have.add(t);
  staged.set(client, have);
}

/**
 * COPY rows into the staging table, then into the real one where no row has their key yet. Long texts go through COPY
 * because it is a third faster than INSERT (stack.md A), and a retry can double nothing. Once per table and transaction:
 * the staging table is emptied at COMMIT (an explicit TRUNCATE would cost a new file each time).
 * @returns ids of the rows that were really inserted.
 */
export async function copyRows<Row extends { [K in keyof Row]: Value } & { id: string }>(
  tx: Tx,
  to: CopyTable<Row>,
  rows: readonly Row[],
): Promise<string[]> {
  if (rows.length === 0) return [];
  const columns = to.columns.map((c) => `"${snake(c)}"`).join(", ");
  const stream = tx.query(copyFrom(`COPY stage_${to.table} (${columns}) FROM STDIN`));
  await pipeline(Readable.from(rows.map((row) => `${to.columns.map((c) => encode(row[c])).join("\t")}\n`)), stream);
  const result = await tx.query<{ id: string }>(
    `INSERT INTO "${to.table}" (${columns}) SELECT ${columns} FROM stage_${to.table} s ${to.where ? `WHERE ${to.where}` : ""}
     ON CONFLICT DO NOTHING RETURNING id`,
  );
  return result.rows.map((r) => r.id);
}

/**
 * Insert short rows where no row has their key yet: one statement, which for rows without long texts costs less than a
 * COPY's round trips.
 */
export async function insertRows<Row extends { [K in keyof Row]: Value }>(
  tx: Tx,
  to: CopyTable<Row>,
  rows: readonly Row[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const columns = to.columns.map((c) => `"${snake(c)}"`).join(", ");
  const values = rows.map((row) => Object.fromEntries(to.columns.map((c) => [snake(c), clean(row[c])])));
  const result = await tx.query(
    `INSERT INTO "${to.table}" (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::"${to.table}", $1::json) s
     ${to.where ? `WHERE ${to.where}` : ""} ON CONFLICT DO NOTHING`,
    [JSON.stringify(values)],
  );
  return result.rowCount ?? 0;
}

/** PostgreSQL text cannot hold U+0000, which models do write: it becomes U+FFFD. */
function clean(value: Value): Value {
  return typeof value === "string" ? value.replace(/\0/g, "\uFFFD") : value;
}

/** camelCase of the row to snake_case of the table. */
function snake(name: string): string {
  return name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
}

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\b": "\\b",
  "\f": "\\f",
  "\v": "\\v",
};

/** A value in COPY's text format. */
function encode(value: Value): string {
  if (value === null || value === undefined) return "\\N";
  const text =
    typeof value === "object"
      ? JSON.stringify(value)
      : typeof value === "boolean"
        ? value
          ? "t"
          : "f"
        : String(clean(value));
  return text.replace(/[\\\n\r\t\b\f\v]/g, (c) => ESCAPES[c] ?? c);
}
