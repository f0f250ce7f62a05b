import type { DatasetDetailShape, DatasetRowShape, DatasetShape } from "../../core/programs/shapes";
import type { Sql } from "../views/sql";
import { iso } from "./iso";

const DATASET = `d.id, d.name, d.source, d.state::text AS state, d.rows, d.digest, d.message, m.name AS base_model, d.run_id,
  ${iso("d.created_at")} AS created_at`;
const FROM = "FROM dataset d LEFT JOIN model m ON m.id = d.model_id";

/** Data sets of a study after one, oldest first. */
export async function datasetsAfter(sql: Sql, studyId: string, after: string | null, limit: number): Promise<DatasetShape[]> {
  const { rows } = await sql.query<DatasetShape>(
    `SELECT ${DATASET} ${FROM} WHERE d.study_id = $1 AND ($2::uuid IS NULL OR d.id > $2) ORDER BY d.id LIMIT $3`,
    [studyId, after, limit],
  );
  return rows;
}

/** One data set by name or id, with its settings and manifest. */
export async function findDataset(sql: Sql, studyId: string, nameOrId: string): Promise<DatasetDetailShape | null> {
  const { rows } = await sql.query<DatasetDetailShape>(
    `SELECT ${DATASET}, d.settings, d.manifest ${FROM} WHERE d.study_id = $1 AND (d.name = $2 OR d.id::text = $2)
     ORDER BY (d.name = $2) DESC LIMIT 1`,
    [studyId, nameOrId],
  );
  return rows[0] ?? null;
}

/** Rows of a data set after an ordinal (−1: from the beginning). */
export async function datasetRowsAfter(sql: Sql, datasetId: string, after: number, limit: number): Promise<DatasetRowShape[]> {
  const { rows } = await sql.query<DatasetRowShape>(
    `SELECT ordinal, prompt, completion, ends, tokens, problem_id, attempt_id, proposal_id, decision_id, reflection_id, meta
     FROM dataset_row WHERE dataset_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3`,
    [datasetId, after, limit],
  );
  return rows;
}
