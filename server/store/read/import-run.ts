import type { RunState } from "../../core/run-state";
import type { Sql } from "../views/sql";

export interface ImportRunRow {
  runId: string;
  pipelineId: string;
  study: string;
  state: RunState;
  done: number;
  total: number;
  message: string;
  settings: unknown;
  result: unknown;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  failures: string[];
}

const COLUMNS = `r.id AS "runId", r.pipeline_id AS "pipelineId", s.name AS study, r.state::text AS state, r.done, r.total, r.message,
  r.settings, r.result, r.created_at AS "createdAt", r.started_at AS "startedAt", r.ended_at AS "endedAt",
  (SELECT coalesce(array_agg(i.error) FILTER (WHERE i.error <> ''), '{}') FROM work_item i WHERE i.run_id = r.id) AS failures`;

/** The run of an import that was started as a task; null for anything else. */
export async function readImportRun(sql: Sql, runId: string): Promise<ImportRunRow | null> {
  const { rows } = await sql.query<ImportRunRow>(
    `SELECT ${COLUMNS} FROM run r JOIN study s ON s.id = r.study_id
     WHERE r.id = $1 AND r.stage = 'import' AND r.pipeline_id IS NOT NULL`,
    [runId],
  );
  return rows[0] ?? null;
}

/** The latest imports, of one study or of all. */
export async function listImportRuns(sql: Sql, study: string | null, limit: number): Promise<ImportRunRow[]> {
  const { rows } = await sql.query<ImportRunRow>(
    `SELECT ${COLUMNS} FROM run r JOIN study s ON s.id = r.study_id
     WHERE r.stage = 'import' AND r.pipeline_id IS NOT NULL AND ($1::text IS NULL OR s.name = $1)
     ORDER BY r.created_at DESC, r.id DESC LIMIT $2`,
    [study, limit],
  );
  return rows;
}
