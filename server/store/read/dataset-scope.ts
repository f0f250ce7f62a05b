import type { Sql } from "../views/sql";
import type { FrozenTemplate } from "./dataset-texts";

export interface StudyModel {
  id: string;
  name: string;
  servedName: string;
  /** It has attempts in this study. */
  hasAttempts: boolean;
}

/** Models of a study, oldest first. */
export async function listStudyModels(sql: Sql, studyId: string): Promise<StudyModel[]> {
  const { rows } = await sql.query<StudyModel>(
    `SELECT m.id, m.name, m.served_name AS "servedName",
            EXISTS (SELECT 1 FROM run r JOIN attempt a ON a.run_id = r.id WHERE r.study_id = $1 AND r.model_id = m.id AND a.model_id = m.id) AS "hasAttempts"
     FROM model m WHERE m.study_id = $1 ORDER BY m.created_at, m.id`,
    [studyId],
  );
  return rows;
}

/** The template of the newest rollouts of a model in a study; null when there are none. */
export async function newestSolveTemplate(sql: Sql, studyId: string, modelId: string): Promise<FrozenTemplate | null> {
  const { rows } = await sql.query<{ template: FrozenTemplate | null }>(
    `SELECT settings->'rollout'->'template' AS template FROM run
     WHERE study_id = $1 AND model_id = $2 AND stage = 'rollout' ORDER BY created_at DESC, id DESC LIMIT 1`,
    [studyId, modelId],
  );
  return rows[0]?.template ?? null;
}

export async function problemSetId(sql: Sql, studyId: string, name: string): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>("SELECT id FROM problem_set WHERE study_id = $1 AND name = $2", [
    studyId,
    name,
  ]);
  return rows[0]?.id ?? null;
}

export async function readyDatasetId(sql: Sql, studyId: string, name: string): Promise<string | null> {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT id FROM dataset WHERE study_id = $1 AND name = $2 AND state = 'ready'",
    [studyId, name],
  );
  return rows[0]?.id ?? null;
}
