import { type Env, parseEnv } from "@/server/env";
import type { Database } from "@/server/store/connection";
import { ensureGenerated } from "../setup/ensure-generated";

/**
 * Work with the database of DATABASE_URL, of the running system, or the embedded one for the duration. SIGINT and SIGTERM
 * abort the signal, so that an embedded database is stopped in order; a second one ends at once.
 */
export async function withDatabase<T>(work: (db: Database, env: Env, signal: AbortSignal) => Promise<T>): Promise<T> {
  const env = parseEnv();
  ensureGenerated();
  // Only now: it imports the generated Prisma client.
  const { openDatabase } = await import("../database/open");
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    const db = await openDatabase(env, { max: 4, name: "intervene command" });
    try {
      return await work(db, env, stop.signal);
    } finally {
      await db.close();
    }
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
