import type { WorkerView } from "../../core/views/study";
import type { Sql } from "../views/sql";

/** A worker that has been silent for longer is not counted as at work, in seconds; its row is refreshed every 4. */
const ALIVE_WITHIN = 15;

/** Workers that gave a sign of life within `seconds`, longest at work first. */
export async function liveWorkers(sql: Sql, seconds = ALIVE_WITHIN): Promise<WorkerView[]> {
  const { rows } = await sql.query<WorkerView>(
    `SELECT id, host, pid, waits_for AS "waitsFor", in_flight AS "inFlight", "limit",
            round(extract(epoch FROM now() - seen_at)::numeric, 1)::float8 AS "silentFor"
     FROM worker WHERE seen_at > now() - make_interval(secs => $1) ORDER BY started_at, id`,
    [seconds],
  );
  return rows;
}
