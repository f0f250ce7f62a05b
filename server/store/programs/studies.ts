import type {
  ModelShape,
  ProblemDetailShape,
  ProblemSetShape,
  ProblemShape,
  StudyShape,
} from "../../core/programs/shapes";
import type { Sql } from "../views/sql";
import { iso } from "./iso";

const STUDY = `s.id, s.name, s.kind, s.note, ${iso("s.created_at")} AS created_at,
  (SELECT count(*)::int FROM problem p WHERE p.study_id = s.id) AS problems,
  (SELECT coalesce(sum(r.done), 0)::int FROM run r WHERE r.study_id = s.id AND (r.stage = 'rollout' AND NOT r.waits OR r.stage = 'import' AND r.pipeline_id IS NULL)) AS attempts`;

/** Studies after one, oldest first. */
export async function studiesAfter(sql: Sql, after: string | null, limit: number): Promise<StudyShape[]> {
  const { rows } = await sql.query<StudyShape>(
    `SELECT ${STUDY} FROM study s WHERE $1::uuid IS NULL OR s.id > $1 ORDER BY s.id LIMIT $2`,
    [after, limit],
  );
  return rows;
}

export async function studyById(sql: Sql, id: string): Promise<StudyShape | null> {
  const { rows } = await sql.query<StudyShape>(`SELECT ${STUDY} FROM study s WHERE s.id = $1`, [id]);
  return rows[0] ?? null;
}

const PROBLEM_SET = `s.id, s.name, s.source, ${iso("s.created_at")} AS created_at,
  (SELECT count(*)::int FROM problem p WHERE p.problem_set_id = s.id) AS problems`;

/** Problem sets of a study, oldest first. */
export async function problemSetsAfter(
  sql: Sql,
  studyId: string,
  after: string | null,
  limit: number,
): Promise<ProblemSetShape[]> {
  const { rows } = await sql.query<ProblemSetShape>(
    `SELECT ${PROBLEM_SET} FROM problem_set s WHERE s.study_id = $1 AND ($2::uuid IS NULL OR s.id > $2) ORDER BY s.id LIMIT $3`,
    [studyId, after, limit],
  );
  return rows;
}

export async function problemSetById(sql: Sql, id: string): Promise<ProblemSetShape | null> {
  const { rows } = await sql.query<ProblemSetShape>(`SELECT ${PROBLEM_SET} FROM problem_set s WHERE s.id = $1`, [id]);
  return rows[0] ?? null;
}

const PROBLEM = `p.id, p.key, s.name AS problem_set, p.ordinal, p.statement, p.answer, p.difficulty,
  a.n AS attempts, a.graded, a.c AS correct`;
const COUNTED = `JOIN problem_set s ON s.id = p.problem_set_id
  LEFT JOIN LATERAL (
    SELECT count(*)::int AS n, count(reward)::int AS graded, coalesce(sum(reward), 0)::int AS c FROM attempt WHERE problem_id = p.id
  ) a ON true`;

/** Problems of a study (of one set, where it is named) with their attempts counted. */
export async function problemsAfter(
  sql: Sql,
  studyId: string,
  where: { problemSet: string | undefined },
  after: string | null,
  limit: number,
): Promise<ProblemShape[]> {
  const { rows } = await sql.query<ProblemShape>(
    `SELECT ${PROBLEM} FROM (
       SELECT * FROM problem p WHERE p.study_id = $1 AND ($2::uuid IS NULL OR p.id > $2)
       AND ($3::text IS NULL OR p.problem_set_id = (SELECT id FROM problem_set WHERE study_id = $1 AND name = $3))
       ORDER BY p.id LIMIT $4) p ${COUNTED} ORDER BY p.id`,
    [studyId, after, where.problemSet ?? null, limit],
  );
  return rows;
}

export async function problemById(sql: Sql, studyId: string, id: string): Promise<ProblemDetailShape | null> {
  const { rows } = await sql.query<ProblemDetailShape>(
    `SELECT ${PROBLEM}, p.reference, p.reference_source FROM problem p ${COUNTED} WHERE p.study_id = $1 AND p.id = $2`,
    [studyId, id],
  );
  return rows[0] ?? null;
}

/** Models of a study, oldest first. */
export async function modelsAfter(sql: Sql, studyId: string, after: string | null, limit: number): Promise<ModelShape[]> {
  const { rows } = await sql.query<ModelShape>(
    `SELECT m.id, m.name, m.served_name, m.parent_id, ${iso("m.created_at")} AS created_at
     FROM model m WHERE m.study_id = $1 AND ($2::uuid IS NULL OR m.id > $2) ORDER BY m.id LIMIT $3`,
    [studyId, after, limit],
  );
  return rows;
}
