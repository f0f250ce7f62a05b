import type { Sql } from "../views/sql";

/** Rewritings of failed attempts that a run has made already, by sample index. */
export async function readMadeReflections(sql: Sql, runId: string, attemptId: string): Promise<Set<number>> {
  const { rows } = await sql.query<{ i: number }>(
    "SELECT sample_index AS i FROM reflection WHERE run_id = $1 AND attempt_id = $2",
    [runId, attemptId],
  );
  return new Set(rows.map((r) => r.i));
}

/**
 * Failed attempts of some models whose problems have a reference solution, in the order of their problems.
 * @param maxProblems only those of the first so many problems that have one; 0 = all.
 */
export async function listReflectable(
  sql: Sql,
  q: { studyId: string; modelIds: readonly string[]; problemSetId: string | null; maxProblems: number },
): Promise<string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `SELECT id FROM (
       SELECT a.id, a.problem_id, a.sample_index, dense_rank() OVER (ORDER BY a.problem_id) AS nth
       FROM problem p JOIN attempt a ON a.problem_id = p.id
       WHERE p.study_id = $1 AND a.model_id = ANY($2::uuid[]) AND ($3::uuid IS NULL OR p.problem_set_id = $3)
         AND a.reward = 0 AND p.reference <> '') x
     WHERE $4 = 0 OR nth <= $4 ORDER BY problem_id, sample_index, id`,
    [q.studyId, q.modelIds, q.problemSetId, q.maxProblems],
  );
  return rows.map((r) => r.id);
}
