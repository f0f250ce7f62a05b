import type { Sql } from "../views/sql";

/** What rows of a study can be narrowed to. */
export async function listNarrowings(
  sql: Sql,
  studyId: string,
): Promise<{ problemSets: string[]; models: string[]; runs: { id: string; stage: string; createdAt: Date }[] }> {
  const names = (table: "problem_set" | "model") =>
    sql.query<{ name: string }>(`SELECT name FROM ${table} WHERE study_id = $1 ORDER BY created_at, id`, [studyId]);
  const [sets, models, runs] = await Promise.all([
    names("problem_set"),
    names("model"),
    sql.query<{ id: string; stage: string; createdAt: Date }>(
      `SELECT id, stage, created_at AS "createdAt" FROM run
       WHERE study_id = $1 AND stage IN ('rollout', 'import', 'verify', 'continue', 'score') ORDER BY created_at DESC, id DESC LIMIT 50`,
      [studyId],
    ),
  ]);
  return { problemSets: sets.rows.map((r) => r.name), models: models.rows.map((r) => r.name), runs: runs.rows };
}
