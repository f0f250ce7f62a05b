import type pg from "pg";

/** A client inside an open transaction. */
export type Tx = pg.PoolClient;

/**
 * Run `work` in one transaction on a connection of its own. A connection that failed is closed rather than handed back.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>, before?: (client: Tx) => Promise<void>): Promise<T> {
  const client = await pool.connect();
  let broken = false;
  try {
    await before?.(client);
    await client.query("BEGIN");
    try {
      const result = await work(client);
      await client.query("COMMIT");
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
