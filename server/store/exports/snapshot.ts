import type pg from "pg";

/**
 * Lend a connection that sees the database as it is now for as long as `work` takes: counts and rows of an export agree,
 * whatever is written meanwhile. Rows are read in the order of an index rather than sorted with their texts.
 */
export async function withSnapshot<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let whole = false;
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_sort = off");
    const result = await work(client);
    await client.query("COMMIT");
    whole = true;
    return result;
  } finally {
    // After an error the connection may stand in the middle of a COPY: it is closed rather than handed back.
    client.release(!whole);
  }
}
