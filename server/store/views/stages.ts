import type { RunState } from "../../core/run-state";
import type { ArmProgress } from "../../core/views/study";
import type { Sql } from "./sql";

export interface StageRow {
  runId: string;
  stage: string;
  ordinal: number;
  state: RunState;
  total: number;
  done: number;
  failed: number;
  message: string;
  settings: unknown;
  /** Rows made by items that changed in the last minute, and seconds from the first of those changes to now. */
  recent: number;
  seconds: number;
}

/** The runs of a pipeline in order, with what the last minute made. Cost: the items of one minute. */
export async function listStages(sql: Sql, pipelineId: string): Promise<StageRow[]> {
  const { rows } = await sql.query<StageRow>(
    `SELECT r.id AS "runId", r.stage, r.ordinal, r.state::text AS state, r.total, r.done, r.failed, r.message, r.settings,
            coalesce(w.recent, 0)::int AS recent, coalesce(w.seconds, 0)::float8 AS seconds
     FROM run r
     LEFT JOIN LATERAL (
       SELECT sum(i.made) AS recent,
              extract(epoch FROM now() - greatest(now() - interval '60 s', coalesce(r.started_at, min(i.updated_at)))) AS seconds
       FROM work_item i
       WHERE i.run_id = r.id AND i.state = 'done' AND i.updated_at > now() - interval '60 s'
     ) w ON r.state = 'running'
     WHERE r.pipeline_id = $1 ORDER BY r.ordinal`,
    [pipelineId],
  );
  return rows;
}

/** Continuations made and known so far, by arm. Cost: the items of the continue run, not their rows. */
export async function listArmProgress(sql: Sql, pipelineId: string): Promise<ArmProgress[]> {
  const { rows } = await sql.query<ArmProgress>(
    `SELECT i.arm, sum(i.units)::int AS total, sum(i.made)::int AS done
     FROM run r JOIN work_item i ON i.run_id = r.id
     WHERE r.pipeline_id = $1 AND r.stage = 'continue' GROUP BY i.arm`,
    [pipelineId],
  );
  return rows;
}

/** Interventions of a pipeline that were kept. */
export async function countKept(sql: Sql, pipelineId: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM run r JOIN proposal p ON p.run_id = r.id AND p.chosen AND p.kept
     WHERE r.pipeline_id = $1 AND r.stage = 'verify'`,
    [pipelineId],
  );
  return rows[0]?.n ?? 0;
}

export interface FailedItemRow {
  id: string;
  stage: string;
  arm: string;
  targetId: string;
  units: number;
  error: string;
}

/** Failed items of a pipeline, newest first. */
export async function listFailedItems(sql: Sql, pipelineId: string, limit: number): Promise<FailedItemRow[]> {
  const { rows } = await sql.query<FailedItemRow>(
    `SELECT i.id, r.stage, i.arm, i.target_id AS "targetId", i.units, i.error
     FROM run r JOIN work_item i ON i.run_id = r.id AND i.state = 'failed'
     WHERE r.pipeline_id = $1 ORDER BY i.updated_at DESC, i.id LIMIT $2`,
    [pipelineId, limit],
  );
  return rows;
}
