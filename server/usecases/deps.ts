import { connectDatabase, type Database } from "../store/connection";
import { JobQueue } from "../store/queue/job-queue";

/** What use cases are given: the database, and the queue on it. Calling a model takes more, see stage-deps.ts. */
export interface Deps extends Database {
  queue: JobQueue;
}

export interface DepsOptions {
  databaseUrl: string;
  /** "send" (default): web and command line, which put jobs in. "work": a worker, which also takes them. */
  role?: "send" | "work";
  /** Shown in pg_stat_activity, e.g. "intervene web". */
  name?: string;
  /** Most connections of the pool (default 10). */
  max?: number;
  /** Errors of the queue's background queries. */
  onQueueError?: (error: Error) => void;
}

/** Nothing connects before its first use; `close()` ends all of it. */
export function createDeps(options: DepsOptions): Deps {
  const name = options.name ?? "intervene";
  const database = connectDatabase(options.databaseUrl, { name, ...(options.max ? { max: options.max } : {}) });
  const queue = new JobQueue({
    url: options.databaseUrl,
    role: options.role ?? "send",
    name,
    ...(options.onQueueError ? { onError: options.onQueueError } : {}),
  });
  return {
    ...database,
    queue,
    async close() {
      await queue.stop();
      await database.close();
    },
  };
}
