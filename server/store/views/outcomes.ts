import type { ProposalCounts } from "../../core/views/study";
import { type ArmCount, armCounts } from "./counts";
import type { Sql } from "./sql";

/** Samples and successes of one problem under one arm. */
export type ArmProblemRow = ArmCount;

/** n and c per arm and problem over the continue runs of a pipeline. */
export const armProblemRows = armCounts;

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
