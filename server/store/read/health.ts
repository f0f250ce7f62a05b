import type pg from "pg";

/** A worker that wrote a sign of life lately. */
export interface LiveWorker {
  id: string;
  host: string;
  pid: number;
  /** What it waits for; "" when all is well. */
  waitsFor: string;
  /** Samples in flight, and the present limit. */
  inFlight: number;
  limit: number;
  /** Seconds since its last sign of life. */
  silentFor: number;
}

/** Workers that gave a sign of life within `seconds`. */
export async function liveWorkers(pool: pg.Pool, seconds: number): Promise<LiveWorker[]> {
  const { rows } = await pool.query<LiveWorker>(
    `SELECT id, host, pid, waits_for AS "waitsFor", in_flight AS "inFlight", "limit",
            round(extract(epoch FROM now() - seen_at)::numeric, 1)::float8 AS "silentFor"
     FROM worker WHERE seen_at > now() - make_interval(secs => $1) ORDER BY started_at, id`,
    [seconds],
  );
  return rows;
}

/** Items that are left to do, by stage and by the state of their run. */
export async function pendingItems(pool: pg.Pool): Promise<{ stage: string; state: string; items: number }[]> {
  const { rows } = await pool.query<{ stage: string; state: string; items: number }>(
    `SELECT r.stage, r.state::text AS state, count(*)::int AS items
     FROM run r JOIN work_item w ON w.run_id = r.id AND w.state = 'pending'
     WHERE r.state IN ('queued', 'running', 'paused')
     GROUP BY r.stage, r.state`,
  );
  return rows;
}

/** Version of the server, e.g. "18.4"; also tells that it answers. */
export async function databaseVersion(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ server_version: string }>("SHOW server_version");
  return rows[0]?.server_version ?? "";
}
