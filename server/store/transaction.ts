import type pg from "pg";

/** A client inside an open transaction. */
export type Tx = pg.PoolClient;

/** What a transaction of its own kind does otherwise. */
export interface TransactionOptions {
  /** Run on the connection before the transaction. */
  before?: (client: Tx) => Promise<void>;
  /** Statement that begins it. */
  begin?: string;
  /** The work ends with a COMMIT of its own, in the same message as its last statements. */
  commits?: boolean;
}

/**
 * For transactions whose work is done again when it is lost: their COMMIT does not wait for the disk. A crash of the
 * server takes back the last fraction of a second of them, each as a whole.
 */
export const BEGIN_REPEATABLE_WORK = "BEGIN; SET LOCAL synchronous_commit = off";

/**
 * Run `work` in one transaction on a connection of its own. A connection that failed is closed rather than handed back.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await options.before?.(client);
    await client.query(options.begin ?? "BEGIN");
    try {
      const result = await work(client);
      if (!options.commits) await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => {
        broken = true;
      });
      throw error;
    }
  } finally {
    client.release(broken);
  }
}

/** A uuid as an SQL literal, for statements that travel together and therefore cannot have parameters. */
export function uuidLiteral(id: string): string {
  if (!/^[0-9a-f-]{36}$/i.test(id)) throw new Error(`${JSON.stringify(id)} is no uuid`);
  return `'${id}'`;
}

/** A whole number as an SQL literal. */
export function intLiteral(value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`${value} is no whole number`);
  return String(value);
}

/** Send statements in one message (one round trip). @returns the rows of each of them. */
export async function together<Row extends pg.QueryResultRow>(tx: Tx, statements: readonly string[]): Promise<Row[][]> {
  const results: unknown = await tx.query<Row>(statements.join(";\n"));
  return (Array.isArray(results) ? results : [results]).map((r: pg.QueryResult<Row>) => r.rows);
}
