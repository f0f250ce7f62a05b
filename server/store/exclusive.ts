import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";

/**
 * Do something that only one process of the system may do at a time: a lock of the database under a name, which goes with the
 * connection that holds it. Takes one connection of the pool for as long as it lasts.
 *
 * @param o.waiting told, each time, that somebody else holds it.
 * @throws the signal's reason, and whatever `work` throws.
 */
export async function exclusively<T>(
  pool: pg.Pool,
  name: string,
  o: { signal: AbortSignal; everyMs: number; waiting: () => Promise<void> },
  work: () => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let lost: Error | undefined;
  const lose = (error: Error) => {
    lost = error;
  };
  // A connection that breaks while nothing is asked on it must not end the process.
  client.on("error", lose);
  const key = "hashtextextended($1, 0)";
  try {
    for (;;) {
      const { rows } = await client.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${key}) AS held`, [name]);
      if (rows[0]?.held) break;
      await o.waiting();
      await sleep(o.everyMs, undefined, { signal: o.signal }).catch(() => o.signal.throwIfAborted());
    }
    try {
      return await work();
    } finally {
      if (lost === undefined) await client.query(`SELECT pg_advisory_unlock(${key})`, [name]).catch(lose);
    }
  } finally {
    client.off("error", lose);
    client.release(lost);
  }
}
