import type pg from "pg";

/** A worker's row: how others know that it is there and what it waits for. */
export interface WorkerRow {
  id: string;
  host: string;
  pid: number;
  startedAt: Date;
  waitsFor: string;
  /** Requests in flight, in samples, and the limit of the adaptive concurrency. */
  inFlight: number;
  limit: number;
}

/** Insert or refresh the row; also brings it back after the database was restored from an older state. */
export async function seeWorker(pool: pg.Pool, w: WorkerRow): Promise<void> {
  await pool.query(
    `INSERT INTO worker (id, host, pid, started_at, seen_at, waits_for, in_flight, "limit")
     VALUES ($1, $2, $3, $4, now(), $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET seen_at = now(), waits_for = $5, in_flight = $6, "limit" = $7`,
    [w.id, w.host, w.pid, w.startedAt, w.waitsFor, w.inFlight, w.limit],
  );
}

export async function removeWorker(pool: pg.Pool, id: string): Promise<void> {
  await pool.query("DELETE FROM worker WHERE id = $1", [id]);
}

/** Rows of workers that have been silent for a minute: they are gone. */
export async function removeSilentWorkers(pool: pg.Pool): Promise<void> {
  await pool.query("DELETE FROM worker WHERE seen_at < now() - interval '60 seconds'");
}
