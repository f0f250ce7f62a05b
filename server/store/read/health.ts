import type pg from "pg";

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
