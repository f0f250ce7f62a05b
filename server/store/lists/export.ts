import type pg from "pg";
import type { ListRow } from "../../core/lists/cells";
import { listPage, type ListQuestion } from "./list";

/** Rows read at once: enough that an order without an index is not sorted too often, few enough to hold. */
const BATCH = 5_000;

/** Every row of a question in its order, in batches and from one state of the database, whatever is written meanwhile. */
export async function* readAll(pool: pg.Pool, question: ListQuestion, columns: readonly string[]): AsyncGenerator<ListRow[]> {
  const client = await pool.connect();
  let ended = false;
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    for (let after: string | null | undefined; after !== null; ) {
      const page = await listPage(client, question, { after }, BATCH, columns);
      if (page.rows.length > 0) yield page.rows;
      after = page.next;
    }
    await client.query("COMMIT");
    ended = true;
  } finally {
    // A reader who went away, or an error: what the transaction has read is of no use to anybody.
    if (!ended) await client.query("ROLLBACK").catch(() => {});
    client.release(!ended);
  }
}
