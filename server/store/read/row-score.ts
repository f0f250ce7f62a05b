import type { RowMeta } from "../../core/datasets/rows";
import type { Source } from "../../core/datasets/sources";
import { ROW_SUBJECT } from "../../core/scoring/subjects";
import type { Sql } from "../views/sql";

/** A training row whose score is to be made. */
export interface RowToScore {
  dataset: string;
  source: Source;
  ordinal: number;
  prompt: string;
  completion: string;
  ends: boolean;
  meta: RowMeta;
  /** The continuation at the end of a row with a suffix; null where there is none or it is gone. */
  suffix: string | null;
}

/** The row that a score is about; null when either is gone. */
export async function readRowToScore(sql: Sql, scoreId: string): Promise<RowToScore | null> {
  const { rows } = await sql.query<RowToScore>(
    `SELECT d.name AS dataset, d.source, r.ordinal, r.prompt, r.completion, r.ends, r.meta, c.text AS suffix
     FROM score s JOIN dataset_row r ON r.id = s.subject_id JOIN dataset d ON d.id = r.dataset_id
     LEFT JOIN continuation c ON c.id = (r.meta->'suffix'->>'continuationId')::uuid
     WHERE s.id = $1 AND s.subject = '${ROW_SUBJECT}'`,
    [scoreId],
  );
  return rows[0] ?? null;
}

/** A row of a data set that may be scored, and whether it is already, or is on its way, under a model. */
export interface ScorableRow {
  id: string;
  problemId: string;
  scored: boolean;
}

/** All rows of a data set in their order, without their texts. */
export async function listScorableRows(sql: Sql, datasetId: string, modelId: string): Promise<ScorableRow[]> {
  const { rows } = await sql.query<ScorableRow>(
    `SELECT r.id, r.problem_id AS "problemId", EXISTS (
       SELECT 1 FROM score s JOIN run u ON u.id = s.run_id
       WHERE s.subject_id = r.id AND s.subject = '${ROW_SUBJECT}' AND s.model_id = $2
         AND (s.mean_nll IS NOT NULL OR u.state IN ('queued', 'running', 'paused'))) AS scored
     FROM dataset_row r WHERE r.dataset_id = $1 ORDER BY r.ordinal`,
    [datasetId, modelId],
  );
  return rows;
}
