import type { Sql } from "../views/sql";

/** An attempt with what decides how it is sampled on. */
export interface AttemptSampling {
  attemptId: string;
  studyId: string;
  studyName: string;
  problemId: string;
  problemKey: string;
  answer: string;
  sampleIndex: number;
  text: string;
  /** Of the run that made it; another schema's for imported attempts. */
  settings: unknown;
  /** The model that made it; null where that is not known. */
  modelId: string | null;
}

/** null when the study (by name or id) has no such attempt. */
export async function readAttemptSampling(
  sql: Sql,
  study: string,
  attemptId: string,
): Promise<AttemptSampling | null> {
  const { rows } = await sql.query<AttemptSampling>(
    `SELECT a.id AS "attemptId", s.id AS "studyId", s.name AS "studyName", p.id AS "problemId", p.key AS "problemKey", p.answer,
            a.sample_index AS "sampleIndex", a.text, r.settings, coalesce(a.model_id, r.model_id) AS "modelId"
     FROM attempt a JOIN problem p ON p.id = a.problem_id JOIN study s ON s.id = p.study_id JOIN run r ON r.id = a.run_id
     WHERE a.id = $1 AND (s.name = $2 OR s.id::text = $2)`,
    [attemptId, study],
  );
  return rows[0] ?? null;
}

export interface ServedModelRow {
  id: string;
  name: string;
  servedName: string;
}

/** The study's models that a server serves, oldest first. */
export async function listServedModels(sql: Sql, studyId: string): Promise<ServedModelRow[]> {
  const { rows } = await sql.query<ServedModelRow>(
    `SELECT id, name, served_name AS "servedName" FROM model WHERE study_id = $1 AND served_name <> '' ORDER BY created_at, id`,
    [studyId],
  );
  return rows;
}

/** The settings of the study's newest InT pipeline; null when it has none. */
export async function newestIntSettings(sql: Sql, studyId: string): Promise<unknown> {
  const { rows } = await sql.query<{ settings: unknown }>(
    `SELECT r.settings FROM run r JOIN pipeline p ON p.id = r.pipeline_id
     WHERE r.study_id = $1 AND r.stage = 'rollout' AND p.recipe = 'int' ORDER BY r.created_at DESC LIMIT 1`,
    [studyId],
  );
  return rows[0]?.settings ?? null;
}
