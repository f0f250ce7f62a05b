import type { Sql } from "./sql";

/** A model that was fine-tuned on a data set of interventions. */
export interface ClonedModel {
  modelId: string;
  model: string;
  datasetId: string;
  dataset: string;
  rows: number;
  unfiltered: boolean;
  withoutPrefix: boolean;
  withSuffix: boolean;
}

/** Models that came out of a fine-tuning on interventions, oldest first. */
export async function listClonedModels(sql: Sql, studyId: string): Promise<ClonedModel[]> {
  const flag = (name: string) => `coalesce((d.settings->>'${name}')::boolean, false) AS "${name}"`;
  const { rows } = await sql.query<ClonedModel>(
    `SELECT m.id AS "modelId", m.name AS model, d.id AS "datasetId", d.name AS dataset, d.rows,
            ${flag("unfiltered")}, ${flag("withoutPrefix")}, ${flag("withSuffix")}
     FROM training t JOIN dataset d ON d.id = t.dataset_id AND d.source = 'int' JOIN model m ON m.id = t.model_id
     WHERE t.study_id = $1 AND t.kind = 'sft' ORDER BY t.created_at, t.id`,
    [studyId],
  );
  return rows;
}

/** Evaluations of some models: the rollout run of each, newest first. */
export async function listEvaluations(
  sql: Sql,
  modelIds: readonly string[],
): Promise<{ modelId: string; set: string; runId: string }[]> {
  const { rows } = await sql.query<{ modelId: string; set: string; runId: string }>(
    `SELECT r.model_id AS "modelId", r.settings->>'problemSet' AS set, r.id AS "runId"
     FROM run r WHERE r.model_id = ANY($1::uuid[]) AND r.stage = 'rollout' AND r.waits AND r.done > 0
     ORDER BY r.settings->>'problemSet', r.created_at DESC`,
    [modelIds],
  );
  return rows;
}
