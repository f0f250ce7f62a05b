import type pg from "pg";
import type { RunState } from "../../core/run-state";
import { RATE_WINDOW } from "../../core/progress";

export interface RunCountsRow {
  runId: string;
  pipelineId: string | null;
  stage: string;
  ordinal: number;
  state: RunState;
  total: number;
  done: number;
  failed: number;
  message: string;
  recent: number;
  age: number | null;
}

/**
 * The counters of a pipeline's runs, in order. The rate comes from the items finished in the last seconds, over the index
 * (run, state, updated): its cost does not grow with the number of rows.
 */
export async function readRunCounts(pool: pg.Pool, pipelineId: string): Promise<RunCountsRow[]> {
  const result = await pool.query<RunCountsRow>(
    `SELECT r.id AS "runId", r.pipeline_id AS "pipelineId", r.stage, r.ordinal, r.state, r.total, r.done, r.failed, r.message,
            coalesce(extract(epoch FROM now() - r.started_at)::float8, NULL) AS age,
            (SELECT coalesce(sum(i.made), 0)::int FROM work_item i
             WHERE i.run_id = r.id AND i.state = 'done' AND i.updated_at > now() - make_interval(secs => $2)) AS recent
     FROM run r WHERE r.pipeline_id = $1 ORDER BY r.ordinal`,
    [pipelineId, RATE_WINDOW],
  );
  return result.rows;
}

/** Items that failed, newest first, with why. */
export async function readFailedItems(pool: pg.Pool, runId: string, limit: number): Promise<FailedItemRow[]> {
  const result = await pool.query<FailedItemRow>(
    `SELECT i.id, r.stage, i.arm, i.target_id AS "targetId", i.units, i.error
     FROM work_item i JOIN run r ON r.id = i.run_id
     WHERE i.run_id = $1 AND i.state = 'failed' ORDER BY i.updated_at DESC LIMIT $2`,
    [runId, limit],
  );
  return result.rows;
}

export interface FailedItemRow {
  id: string;
  stage: string;
  arm: string;
  targetId: string;
  units: number;
  error: string;
}
