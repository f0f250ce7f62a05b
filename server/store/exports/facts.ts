import type pg from "pg";
import type { DatasetState } from "../generated/enums";
import type { Sql } from "../views/sql";
import { countRows } from "./copy-out";
import type { Scope } from "./scope";
import { withheldDecisions } from "./tables";

export interface ExportedDataset {
  id: string;
  name: string;
  source: string;
  state: DatasetState;
  rows: number;
  /** Parse it with server/core/datasets/manifest.ts. */
  manifest: unknown;
  /** The base model; both "" when it has none. */
  model: string;
  servedName: string;
  message: string;
}

const DATASET = `d.id, d.name, d.source, d.state, d.rows, d.manifest, d.message,
  coalesce(m.name, '') AS model, coalesce(m.served_name, '') AS "servedName"`;

/** A data set of a study by its name. */
export async function findDataset(sql: Sql, studyId: string, name: string): Promise<ExportedDataset | null> {
  const { rows } = await sql.query<ExportedDataset>(
    `SELECT ${DATASET} FROM dataset d LEFT JOIN model m ON m.id = d.model_id WHERE d.study_id = $1 AND d.name = $2`,
    [studyId, name],
  );
  return rows[0] ?? null;
}

/** The study's data sets, newest first, without their manifests. */
export async function listDatasetNames(
  sql: Sql,
  studyId: string,
): Promise<{ name: string; source: string; rows: number; state: DatasetState }[]> {
  const { rows } = await sql.query<{ name: string; source: string; rows: number; state: DatasetState }>(
    "SELECT name, source, rows, state FROM dataset WHERE study_id = $1 ORDER BY created_at DESC, id DESC",
    [studyId],
  );
  return rows;
}

/** The study's models that an inference server knows. */
export async function servedModelsOf(sql: Sql, studyId: string): Promise<{ name: string; servedName: string }[]> {
  const { rows } = await sql.query<{ name: string; servedName: string }>(
    `SELECT name, served_name AS "servedName" FROM model WHERE study_id = $1 AND served_name <> '' ORDER BY created_at, id`,
    [studyId],
  );
  return rows;
}

/** The study's queues, with what decides whether their decisions may be read. */
export async function listQueueNames(
  sql: Sql,
  studyId: string,
): Promise<{ name: string; blind: boolean; open: boolean }[]> {
  const { rows } = await sql.query<{ name: string; blind: boolean; open: boolean }>(
    "SELECT name, blind, closed_at IS NULL AS open FROM queue WHERE study_id = $1 ORDER BY created_at, id",
    [studyId],
  );
  return rows;
}

/** Decisions that the scope's filters would take and that are held back. */
export function countWithheld(client: pg.ClientBase, scope: Scope): Promise<number> {
  return countRows(client, { fields: [], columns: {}, from: withheldDecisions(scope), order: "" });
}

/** How many rows of a data set leave the assistant's turn open. */
export async function countUnfinished(client: pg.ClientBase, datasetId: string): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM dataset_row WHERE dataset_id = $1 AND NOT ends",
    [datasetId],
  );
  return rows[0]?.n ?? 0;
}
