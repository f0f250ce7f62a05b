import type { ProblemPage, ProblemRow } from "../../core/views/problems";
import type { Sql } from "./sql";

/** Problems of a study in their order, with their attempts counted; `after` is the `next` of the page before. */
export async function listProblems(
  sql: Sql,
  studyId: string,
  after: string | null,
  limit: number,
): Promise<ProblemPage> {
  const { rows } = await sql.query<ProblemRow>(
    `WITH page AS (
       SELECT p.id, p.ordinal, p.key, p.problem_set_id, p.statement, p.answer, p.difficulty FROM problem p
       WHERE p.study_id = $1 AND ($2::uuid IS NULL OR (p.problem_set_id, p.ordinal, p.id) >
             (SELECT x.problem_set_id, x.ordinal, x.id FROM problem x WHERE x.id = $2))
       ORDER BY p.problem_set_id, p.ordinal, p.id LIMIT ${limit + 1}
     )
     SELECT page.id, page.ordinal, page.key, left(page.statement, 240) AS "start", left(page.answer, 80) AS answer, page.difficulty,
            s.name AS "problemSet", a.n AS attempts, a.c AS correct, a.graded
     FROM page JOIN problem_set s ON s.id = page.problem_set_id
     LEFT JOIN LATERAL (
       SELECT count(*)::int AS n, count(reward)::int AS graded, coalesce(sum(reward), 0)::int AS c FROM attempt WHERE problem_id = page.id
     ) a ON true
     ORDER BY page.problem_set_id, page.ordinal, page.id`,
    [studyId, after],
  );
  const shown = rows.slice(0, limit);
  return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}
