import type pg from "pg";

export interface PromptProblem {
  key: string;
  statement: string;
  answer: string;
  reference: string;
}

/** Problems of a set with an answer, in their order. @param most 0 = all. */
export async function listPromptProblems(pool: pg.Pool, problemSetId: string, most: number): Promise<PromptProblem[]> {
  const { rows } = await pool.query<PromptProblem>(
    `SELECT key, statement, answer, reference FROM problem
     WHERE problem_set_id = $1 AND btrim(answer) <> '' ORDER BY ordinal LIMIT nullif($2::int, 0)`,
    [problemSetId, most],
  );
  return rows;
}
