import type pg from "pg";

/** What became of a pipeline's verifications and proposals. */
export interface ProposalCountsRow {
  /** Failed attempts that were given to verification (items of the verify run that are done). */
  attempts: number;
  verifications: number;
  proposed: number;
  noError: number;
  unparsed: number;
  outOfRange: number;
  cutOff: number;
  leakedEquivalent: number;
  leakedSubstring: number;
  leakedBoth: number;
  chosen: number;
  judged: number;
  kept: number;
}

export async function readProposalCounts(pool: pg.Pool, pipelineId: string): Promise<ProposalCountsRow> {
  const result = await pool.query<ProposalCountsRow>(
    `WITH run AS (SELECT id FROM run WHERE pipeline_id = $1 AND stage = 'verify')
     SELECT i.attempts, v.*, p.*
     FROM (SELECT count(*)::int AS attempts FROM work_item WHERE run_id = (SELECT id FROM run) AND state = 'done') i,
          (SELECT count(*)::int AS verifications,
                  count(*) FILTER (WHERE outcome = 'proposed')::int AS proposed,
                  count(*) FILTER (WHERE outcome = 'no_error')::int AS "noError",
                  count(*) FILTER (WHERE outcome = 'unparsed')::int AS unparsed,
                  count(*) FILTER (WHERE outcome = 'out_of_range')::int AS "outOfRange",
                  count(*) FILTER (WHERE outcome = 'cut_off')::int AS "cutOff"
           FROM verification WHERE run_id = (SELECT id FROM run)) v,
          (SELECT count(*) FILTER (WHERE leak_equivalent)::int AS "leakedEquivalent",
                  count(*) FILTER (WHERE leak_substring)::int AS "leakedSubstring",
                  count(*) FILTER (WHERE leak_equivalent AND leak_substring)::int AS "leakedBoth",
                  count(*) FILTER (WHERE chosen)::int AS chosen,
                  count(*) FILTER (WHERE chosen AND kept IS NOT NULL)::int AS judged,
                  count(*) FILTER (WHERE chosen AND kept)::int AS kept
           FROM proposal WHERE run_id = (SELECT id FROM run) AND author = 'model') p`,
    [pipelineId],
  );
  const row = result.rows[0];
  if (!row) throw new Error("an aggregate without a row");
  return row;
}
