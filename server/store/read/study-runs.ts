import type { RunState } from "../../core/run-state";
import type { Sql } from "../views/sql";

export interface StudyRunRow {
  studyId: string;
  id: string;
  stage: string;
  state: RunState;
  total: number;
  done: number;
  failed: number;
  message: string;
}

/** Every run of some studies, oldest pipeline first, stages in order. Reads counters alone. */
export async function listStudyRuns(sql: Sql, studyIds: readonly string[]): Promise<StudyRunRow[]> {
  const { rows } = await sql.query<StudyRunRow>(
    `SELECT r.study_id AS "studyId", r.id, r.stage, r.state::text AS state, r.total, r.done, r.failed, r.message
     FROM run r LEFT JOIN pipeline p ON p.id = r.pipeline_id
     WHERE r.study_id = ANY($1::uuid[])
     ORDER BY coalesce(p.created_at, r.created_at), r.pipeline_id, r.ordinal, r.id`,
    [studyIds],
  );
  return rows;
}
