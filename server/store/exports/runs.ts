import { type ExportResult, type ExportTask, exportResultSchema, exportTaskSchema } from "../../core/exporting/task";
import type { RunState } from "../../core/run-state";
import type { Sql } from "../views/sql";

/** An export, as lists and pages show it. */
export interface ExportRun {
  id: string;
  pipelineId: string;
  state: RunState;
  done: number;
  total: number;
  message: string;
  createdAt: Date;
  endedAt: Date | null;
  task: ExportTask;
  /** Null until it is written. */
  result: ExportResult | null;
}

interface Row extends Omit<ExportRun, "task" | "result"> {
  settings: unknown;
  result: unknown;
}

const COLUMNS = `id, pipeline_id AS "pipelineId", state, done, total, message, created_at AS "createdAt", ended_at AS "endedAt", settings, result`;

/** Exports of a study, newest first. */
export async function listExports(sql: Sql, studyId: string, limit = 50): Promise<ExportRun[]> {
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM run WHERE study_id = $1 AND stage = 'export' AND pipeline_id IS NOT NULL ORDER BY created_at DESC, id DESC LIMIT $2`,
    [studyId, limit],
  );
  return rows.flatMap((row) => read(row) ?? []);
}

/** One export of a study. */
export async function findExport(sql: Sql, studyId: string, runId: string): Promise<ExportRun | null> {
  if (!/^[0-9a-f-]{36}$/i.test(runId)) return null;
  const { rows } = await sql.query<Row>(
    `SELECT ${COLUMNS} FROM run WHERE id = $1 AND study_id = $2 AND stage = 'export'`,
    [runId, studyId],
  );
  return rows[0] ? read(rows[0]) : null;
}

/** One export, of whatever study. */
export async function findExportAnywhere(sql: Sql, runId: string): Promise<ExportRun | null> {
  if (!/^[0-9a-f-]{36}$/i.test(runId)) return null;
  const { rows } = await sql.query<Row>(`SELECT ${COLUMNS} FROM run WHERE id = $1 AND stage = 'export'`, [runId]);
  return rows[0] ? read(rows[0]) : null;
}

/** Which of these runs are not over. */
export async function liveExports(sql: Sql, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ id: string }>(
    "SELECT id FROM run WHERE id::text = ANY($1) AND state IN ('queued', 'running', 'paused')",
    [ids],
  );
  return new Set(rows.map((r) => r.id));
}

/** Forget an export that is over. @returns false when it is not, or not there. */
export async function deleteExport(sql: Sql, studyId: string, runId: string): Promise<boolean> {
  const result = await sql.query(
    `DELETE FROM pipeline p USING run r
     WHERE r.id = $1 AND r.study_id = $2 AND r.stage = 'export' AND r.pipeline_id = p.id AND r.state IN ('done', 'failed', 'cancelled')`,
    [runId, studyId],
  );
  return result.rowCount === 1;
}

/** Settings and results of another version of this program are left out of the list. */
function read({ settings, result, ...row }: Row): ExportRun | null {
  const task = exportTaskSchema.safeParse(settings);
  if (!task.success) return null;
  const written = exportResultSchema.safeParse(result);
  return { ...row, task: task.data, result: written.success ? written.data : null };
}
