import type { ValueCount, ValuePlan } from "../../core/branching/values";
import type { RunState } from "../../core/run-state";
import type { Sampling } from "../../core/settings";
import type { Sql } from "./sql";

/** A run of step values at an attempt. */
export interface ValueRunRow {
  runId: string;
  pipelineId: string;
  modelId: string;
  model: string;
  plan: ValuePlan;
  every: number;
  samples: number;
  seed: number;
  sampling: Sampling;
  author: string | null;
  state: RunState;
  total: number;
  done: number;
  failed: number;
  message: string;
  createdAt: Date;
}

/** The runs of step values of an attempt, newest first. */
export async function listValueRuns(sql: Sql, attemptId: string): Promise<ValueRunRow[]> {
  const { rows } = await sql.query<ValueRunRow>(
    `SELECT r.id AS "runId", r.pipeline_id AS "pipelineId", m.id AS "modelId", m.name AS model,
            r.settings->>'plan' AS plan, (r.settings->>'every')::int AS every, (r.settings->>'samples')::int AS samples,
            (r.settings->>'seed')::int AS seed, r.settings->'sampling' AS sampling,
            (SELECT q.name FROM branch b JOIN person q ON q.id = b.person_id WHERE b.run_id = r.id LIMIT 1) AS author,
            r.state::text AS state, r.total, r.done, r.failed, r.message, r.created_at AS "createdAt"
     FROM run r JOIN model m ON m.id = r.model_id
     WHERE r.id IN (SELECT DISTINCT run_id FROM branch WHERE attempt_id = $1 AND purpose = 'value')
     ORDER BY r.created_at DESC, r.id DESC`,
    [attemptId],
  );
  return rows;
}

/** How often step values of an attempt have been asked for. */
export async function countValueRuns(sql: Sql, attemptId: string): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    "SELECT count(DISTINCT run_id)::int AS n FROM branch WHERE attempt_id = $1 AND purpose = 'value'",
    [attemptId],
  );
  return rows[0]?.n ?? 0;
}

/**
 * What was sampled after each step under one model with one set of sampling parameters. A sample counts once, however
 * often it was asked for: the same seed gives the same sample.
 */
export async function countValues(
  sql: Sql,
  key: { attemptId: string; modelId: string; sampling: Sampling },
): Promise<ValueCount[]> {
  const { rows } = await sql.query<ValueCount>(
    `SELECT step, count(*)::int AS n, sum(reward)::int AS correct FROM (
       SELECT DISTINCT ON (b.step, s.seed) b.step, s.reward
       FROM branch b JOIN run r ON r.id = b.run_id JOIN branch_sample s ON s.branch_id = b.id
       WHERE b.attempt_id = $1 AND b.purpose = 'value' AND b.kind = 'continue' AND r.model_id = $2 AND b.sampling = $3::jsonb
       ORDER BY b.step, s.seed, s.id) x
     GROUP BY step ORDER BY step`,
    [key.attemptId, key.modelId, JSON.stringify(key.sampling)],
  );
  return rows;
}
