import type { Arm } from "../../core/arms";
import type { ProposalCounts } from "../../core/views/study";
import type { Sql } from "./sql";

/** Samples and successes of one problem under one arm. */
export interface ArmProblemRow {
  arm: Arm;
  problemId: string;
  n: number;
  c: number;
}

/** n and c per arm and problem over the continue runs of a pipeline: one pass over the index (run, arm, problem, reward). */
export async function armProblemRows(sql: Sql, pipelineId: string): Promise<ArmProblemRow[]> {
  const { rows } = await sql.query<ArmProblemRow>(
    `SELECT c.arm, c.problem_id AS "problemId", count(*)::int AS n, sum(c.reward)::int AS c
     FROM continuation c
     WHERE c.run_id = ANY(ARRAY(SELECT id FROM run WHERE pipeline_id = $1 AND stage = 'continue'))
     GROUP BY c.arm, c.problem_id`,
    [pipelineId],
  );
  return rows;
}

/** What became of the verify stage's samples, counted in the rows themselves. */
export async function proposalCounts(sql: Sql, pipelineId: string): Promise<ProposalCounts> {
  const { rows } = await sql.query<ProposalCounts>(
    `WITH runs AS (SELECT id FROM run WHERE pipeline_id = $1 AND stage = 'verify'),
     v AS (
       SELECT count(DISTINCT attempt_id)::int AS attempts, count(*)::int AS verifications,
              count(*) FILTER (WHERE outcome = 'proposed')::int AS proposed,
              count(*) FILTER (WHERE outcome = 'located')::int AS located,
              count(*) FILTER (WHERE outcome = 'no_error')::int AS "noError",
              count(*) FILTER (WHERE outcome = 'unparsed')::int AS unparsed,
              count(*) FILTER (WHERE outcome = 'out_of_range')::int AS "outOfRange",
              count(*) FILTER (WHERE outcome = 'cut_off')::int AS "cutOff"
       FROM verification WHERE run_id IN (SELECT id FROM runs)
     ), p AS (
       SELECT count(*) FILTER (WHERE leak_equivalent)::int AS "leakedEquivalent",
              count(*) FILTER (WHERE leak_substring)::int AS "leakedSubstring",
              count(*) FILTER (WHERE leak_equivalent AND leak_substring)::int AS "leakedBoth",
              count(*) FILTER (WHERE chosen)::int AS chosen,
              count(*) FILTER (WHERE chosen AND kept IS NOT NULL)::int AS judged,
              count(*) FILTER (WHERE chosen AND kept)::int AS kept
       FROM proposal WHERE run_id IN (SELECT id FROM runs)
     ) SELECT * FROM v, p`,
    [pipelineId],
  );
  const counts = rows[0];
  if (counts === undefined) throw new Error("an aggregate without groups always has one row");
  return counts;
}
