import type { Sql } from "../views/sql";

/** What came to nothing is not there. */
const ALIVE = "r.state NOT IN ('failed', 'cancelled')";

/** The newest InT pipeline of a model on a problem set of which nothing failed or was cancelled: its runs by stage. Null: none. */
export async function intRuns(sql: Sql, q: { studyId: string; modelId: string; problemSet: string }): Promise<Record<string, string> | null> {
  const { rows } = await sql.query<{ runs: Record<string, string> }>(
    `SELECT json_object_agg(r.stage, r.id) AS runs FROM pipeline p JOIN run r ON r.pipeline_id = p.id
     WHERE p.study_id = $1 AND p.recipe = 'int' AND r.model_id = $2 AND r.settings->>'problemSet' = $3
     GROUP BY p.id, p.created_at HAVING bool_and(${ALIVE}) ORDER BY p.created_at DESC LIMIT 1`,
    [q.studyId, q.modelId, q.problemSet],
  );
  return rows[0]?.runs ?? null;
}

/** Whether reflections come after a run already. @returns the run of stage reflect. */
export async function reflectAfter(sql: Sql, runId: string): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT r.id FROM run r WHERE r.after_id = $1 AND r.stage = 'reflect' AND ${ALIVE} ORDER BY r.created_at DESC LIMIT 1`,
    [runId],
  );
  return rows[0]?.id ?? null;
}

/** A training whose model is to have this name, done or on its way. */
export async function hasTraining(sql: Sql, studyId: string, model: string): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT 1 FROM run r WHERE r.study_id = $1 AND r.stage IN ('sft', 'rl') AND r.settings->>'name' = $2 AND ${ALIVE} LIMIT 1`,
    [studyId, model],
  );
  return rows.length > 0;
}

/** An evaluation of a model with a seed, done or on its way. */
export async function hasEvaluation(sql: Sql, q: { studyId: string; modelId: string; problemSet: string; seed: number }): Promise<boolean> {
  const { rows } = await sql.query(
    `SELECT 1 FROM run r WHERE r.study_id = $1 AND r.stage = 'rollout' AND r.waits AND r.model_id = $2
       AND r.settings->>'problemSet' = $3 AND (r.settings->>'seed')::int = $4 AND ${ALIVE} LIMIT 1`,
    [q.studyId, q.modelId, q.problemSet, q.seed],
  );
  return rows.length > 0;
}
