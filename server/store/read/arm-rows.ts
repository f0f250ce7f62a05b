import type pg from "pg";
import type { Arm } from "../../core/arms";

/** One problem under one arm: n continuations, c of them right. */
export interface ArmRow {
  arm: Arm;
  problemId: string;
  n: number;
  c: number;
}

/**
 * Continuations by arm and problem, of one run or of a pipeline's continue run. One scan of the covering index
 * (run, arm, problem, reward), in its order; no text is touched.
 */
export async function readArmRows(pool: pg.Pool, of: { runId: string } | { pipelineId: string }): Promise<ArmRow[]> {
  const run = "runId" in of ? "$1::uuid" : "(SELECT id FROM run WHERE pipeline_id = $1 AND stage = 'continue')";
  const result = await pool.query<ArmRow>(
    `SELECT arm, problem_id AS "problemId", count(*)::int AS n, sum(reward)::int AS c
     FROM continuation WHERE run_id = ${run} GROUP BY arm, problem_id ORDER BY arm, problem_id`,
    ["runId" in of ? of.runId : of.pipelineId],
  );
  return result.rows;
}
