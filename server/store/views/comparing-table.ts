import type { EvaluationRun } from "../../core/comparing/final-table";
import type { TrainedModel } from "../../core/comparing/lineage";
import type { Sql } from "./sql";

/** Every model of a study with the training that made it, oldest first. */
export async function trainedModels(sql: Sql, studyId: string): Promise<TrainedModel[]> {
  const { rows } = await sql.query<TrainedModel>(
    `SELECT m.id, m.name, m.parent_id AS "parentId",
            CASE WHEN t.id IS NULL THEN NULL ELSE json_build_object(
              'kind', t.kind, 'baseId', t.base_id, 'settings', r.settings, 'problemSet', s.name,
              'dataset', CASE WHEN d.id IS NULL THEN NULL ELSE json_build_object(
                'name', d.name, 'source', d.source, 'settings', d.settings, 'digest', d.digest) END) END AS "madeBy"
     FROM model m LEFT JOIN training t ON t.model_id = m.id LEFT JOIN run r ON r.id = t.run_id
     LEFT JOIN dataset d ON d.id = t.dataset_id LEFT JOIN problem_set s ON s.id = t.problem_set_id
     WHERE m.study_id = $1 ORDER BY m.created_at, m.id`,
    [studyId],
  );
  return rows;
}

/**
 * Evaluation runs of a study: rollouts that waited for their turn in a chain. One is at work until its grades, too, are
 * there; one that was cancelled or failed shows what it has.
 */
export async function evaluationRuns(sql: Sql, studyId: string): Promise<(EvaluationRun & { samples: number | null })[]> {
  const { rows } = await sql.query<EvaluationRun & { samples: number | null }>(
    `SELECT r.id AS "runId", r.model_id AS "modelId", r.settings->>'problemSet' AS set, (r.settings->>'seed')::float8 AS seed,
            (r.settings->'rollout'->>'samples')::int AS samples,
            concat(r.settings#>>'{rollout,sampling}', ' ', r.settings#>>'{rollout,template,id}', ' ', r.settings->>'bareAnswers') AS sampling,
            (r.state IN ('queued', 'running', 'paused') OR EXISTS (
              SELECT 1 FROM run g WHERE g.pipeline_id = r.pipeline_id AND g.ordinal = r.ordinal + 1 AND g.stage = 'grade'
                AND g.state IN ('queued', 'running', 'paused'))) AS "atWork"
     FROM run r WHERE r.study_id = $1 AND r.stage = 'rollout' AND r.waits AND r.model_id IS NOT NULL
     ORDER BY r.created_at, r.id`,
    [studyId],
  );
  return rows;
}
