/** Where an import's rows go: study, problem set, model, and one run per model and file. Each is made once. */
import type pg from "pg";
import { v7 as uuidv7 } from "uuid";

/** A connection inside or outside of a transaction. */
export type Sql = Pick<pg.ClientBase, "query">;

/** Id of the study of this name; made when there is none. */
export async function ensureStudy(sql: Sql, name: string): Promise<{ id: string; isNew: boolean }> {
  const made = await sql.query<{ id: string }>(
    "INSERT INTO study (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING id",
    [uuidv7(), name],
  );
  if (made.rows[0]) return { id: made.rows[0].id, isNew: true };
  const found = await sql.query<{ id: string }>("SELECT id FROM study WHERE name = $1", [name]);
  return { id: one(found.rows).id, isNew: false };
}

/** Id of the study's problem set of this name; made when there is none. */
export async function ensureProblemSet(sql: Sql, studyId: string, name: string, source: string): Promise<string> {
  await sql.query(
    "INSERT INTO problem_set (id, study_id, name, source) VALUES ($1, $2, $3, $4) ON CONFLICT (study_id, name) DO NOTHING",
    [uuidv7(), studyId, name, source],
  );
  const found = await sql.query<{ id: string }>("SELECT id FROM problem_set WHERE study_id = $1 AND name = $2", [
    studyId,
    name,
  ]);
  return one(found.rows).id;
}

/** What an import run freezes in its settings, and by which it is found again. */
export interface ImportSettings {
  format: string;
  /** Name of the file, without its folder. */
  source: string;
  problemSet: string;
  model: string;
}

/**
 * The model and its import run, made where they are not there yet. A run belongs to one (model, problem set, file
 * name), so that importing the file again meets its own rows. The study's row is locked meanwhile: two imports at once
 * must not make two runs. Nothing serves an imported model: its served name stays empty.
 */
export async function ensureImportRun(
  sql: Sql,
  input: { studyId: string; settings: ImportSettings },
): Promise<{ runId: string; modelId: string }> {
  const { studyId, settings } = input;
  await sql.query("SELECT 1 FROM study WHERE id = $1 FOR UPDATE", [studyId]);
  await sql.query(
    "INSERT INTO model (id, study_id, name) VALUES ($1, $2, $3) ON CONFLICT (study_id, name) DO NOTHING",
    [uuidv7(), studyId, settings.model],
  );
  const model = await sql.query<{ id: string }>("SELECT id FROM model WHERE study_id = $1 AND name = $2", [
    studyId,
    settings.model,
  ]);
  const modelId = one(model.rows).id;
  const found = await sql.query<{ id: string }>(
    `UPDATE run SET state = 'running', ended_at = NULL WHERE id = (
       SELECT id FROM run WHERE study_id = $1 AND stage = 'import' AND model_id = $2
       AND settings->>'source' = $3 AND settings->>'problemSet' = $4 ORDER BY created_at LIMIT 1)
     RETURNING id`,
    [studyId, modelId, settings.source, settings.problemSet],
  );
  if (found.rows[0]) return { runId: found.rows[0].id, modelId };
  const runId = uuidv7();
  await sql.query(
    `INSERT INTO run (id, study_id, stage, state, settings, model_id, started_at)
     VALUES ($1, $2, 'import', 'running', $3, $4, now())`,
    [runId, studyId, JSON.stringify(settings), modelId],
  );
  return { runId, modelId };
}

/** The row at which an import's task stands, locked until the transaction ends; null before its first batch. */
export async function lockPlace(sql: Sql, itemId: string): Promise<number | null> {
  const { rows } = await sql.query<{ row: number | null }>(
    "SELECT (checkpoint->>'row')::int AS row FROM work_item WHERE id = $1 FOR UPDATE",
    [itemId],
  );
  return rows[0]?.row ?? null;
}

/** Count rows that a batch added to a run: total and done, in the batch's own transaction. */
export async function countImported(sql: Sql, runId: string, rows: number): Promise<void> {
  if (rows > 0) await sql.query("UPDATE run SET total = total + $2, done = done + $2 WHERE id = $1", [runId, rows]);
}

export async function endImportRuns(
  sql: Sql,
  runIds: readonly string[],
  state: "done" | "failed" | "cancelled",
  message = "",
): Promise<void> {
  await sql.query(
    'UPDATE run SET state = $2::text::"RunState", message = $3, ended_at = now() WHERE id = ANY($1::uuid[])',
    [runIds, state, message],
  );
}

function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (!row) throw new Error("a row that was just written is not there");
  return row;
}
