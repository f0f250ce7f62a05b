import net from "node:net";
import pg from "pg";
import { BulkSocket } from "./bulk-socket";

/**
 * Lend a connection that sees the database as it is now for as long as `work` takes: counts and rows of an export agree,
 * whatever is written meanwhile. Rows are read in the order of an index rather than sorted with their texts. The connection is
 * one of its own, made for reading in bulk: an export of minutes keeps none of the pool's from the others.
 */
export async function withSnapshot<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...pool.options, password: pool.options.password, stream });
  client.on("error", () => {}); // whoever has a query in flight on it gets the error there
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL enable_sort = off");
    return await work(client);
  } finally {
    // Nothing was written. It may stand in the middle of a COPY that somebody has stopped reading.
    await client.end();
  }
}

/** pg tells its stream whether there will be TLS on it (its types do not say so): encrypted bytes go through node's own streams. */
const stream = (config?: { ssl?: unknown }) => (config?.ssl ? new net.Socket() : new BulkSocket());
