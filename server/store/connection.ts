import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { InterveneError } from "../errors";
import { PrismaClient } from "./generated/client";

export type { PrismaClient };

export interface PoolOptions {
  /** Most connections at once (default 10; the embedded server takes 100 in all). */
  max?: number;
  /** Shown in pg_stat_activity, e.g. "intervene worker". */
  name?: string;
}

/**
 * A pool of connections. It outlives a restart of the server: connections that break are dropped, and the next query
 * opens a new one. Without the handlers below, node would end the process when the server goes away.
 */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.name ?? "intervene",
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  const ignore = () => {}; // whoever has a query in flight on it gets the error there
  pool.on("error", ignore);
  pool.on("connect", (client) => client.on("error", ignore));
  return pool;
}

/** Prisma on a pool. Ending the pool is the caller's; `prisma.$disconnect()` does not. */
export function createPrisma(pool: pg.Pool): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(pool, { onPoolError: () => {}, onConnectionError: () => {} }) });
}

/** What a process needs of the database. */
export interface Database {
  url: string;
  pool: pg.Pool;
  prisma: PrismaClient;
  close(): Promise<void>;
}

/** Pool and Prisma for a connection string; nothing is connected before the first query. */
export function connectDatabase(url: string, options: PoolOptions = {}): Database {
  const pool = createPool(url, options);
  const prisma = createPrisma(pool);
  return {
    url,
    pool,
    prisma,
    async close() {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}

/**
 * Whether an error says that the server is away or coming back (worth another try), rather than that the statement
 * was wrong. Knows node's socket errors, PostgreSQL's classes 08 (connection) and 57P (shutdown), and Prisma's codes.
 */
export function isDatabaseAway(error: unknown): boolean {
  // Told apart already, e.g. an inference server that refuses connections with the same ECONNREFUSED.
  if (error instanceof InterveneError) return false;
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    const code = "code" in e && typeof e.code === "string" ? e.code : "";
    if (/^(ECONN(REFUSED|RESET|ABORTED)|EPIPE|ETIMEDOUT|08\w{3}|57P0[1-5]|P10(01|02|08|17))$/.test(code)) return true;
    if (/Connection terminated|Client was closed|not queryable|timeout exceeded when trying to connect|ECONNREFUSED|ECONNRESET|the database system is (starting up|shutting down|in recovery)/.test(e.message)) return true;
    if (e instanceof AggregateError && e.errors.some((one) => isDatabaseAway(one))) return true;
  }
  return false;
}
