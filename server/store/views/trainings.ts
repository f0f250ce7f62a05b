import type { ChainRun, TrainingChoices, TrainingCurve, TrainingView } from "../../core/views/training";
import { type EvaluationCount, evaluationCounts } from "./counts";
import type { Sql } from "./sql";

export interface ChainRow extends Omit<ChainRun, "training"> {
  pipelineId: string;
  recipe: string;
  createdAt: Date;
  training: TrainingView | null;
}

/** Runs of every chain of a study (pipelines that train, or evaluate), newest chain first, in order. */
export async function listChains(sql: Sql, studyId: string): Promise<ChainRow[]> {
  const { rows } = await sql.query<ChainRow>(
    `SELECT p.id AS "pipelineId", p.recipe, p.created_at AS "createdAt", r.id AS "runId", r.stage, r.state::text AS state,
            r.done, r.total, r.message,
            CASE WHEN r.stage IN ('rollout', 'grade') THEN r.settings->>'problemSet' END AS "problemSet",
            CASE WHEN t.id IS NULL THEN sampled.name END AS model,
            CASE WHEN t.id IS NULL THEN NULL ELSE json_build_object(
              'id', t.id, 'kind', t.kind, 'base', b.name, 'model', m.name, 'dataset', d.name, 'problemSet', s.name,
              'trainer', t.trainer, 'launcher', t.launcher, 'loraRank', (r.settings->'lora'->>'rank')::int, 'step', t.step, 'steps', t.steps, 'note', t.note,
              'spec', CASE WHEN r.state = 'failed' THEN t.spec END) END AS training
     FROM pipeline p JOIN run r ON r.pipeline_id = p.id
     LEFT JOIN training t ON t.run_id = r.id LEFT JOIN model sampled ON sampled.id = r.model_id
     LEFT JOIN model b ON b.id = t.base_id LEFT JOIN model m ON m.id = t.model_id
     LEFT JOIN dataset d ON d.id = t.dataset_id LEFT JOIN problem_set s ON s.id = t.problem_set_id
     WHERE p.study_id = $1 AND EXISTS (SELECT 1 FROM run w WHERE w.pipeline_id = p.id AND w.waits AND w.stage IN ('sft', 'rl', 'rollout'))
     ORDER BY p.created_at DESC, p.id DESC, r.ordinal`,
    [studyId],
  );
  return rows;
}

/** Graded samples of evaluations per model, problem set and problem. */
export type EvaluatedProblem = EvaluationCount;
export const evaluatedProblems = evaluationCounts;

/** Models whose evaluations are still at work, with the problem set. */
export async function evaluationsAtWork(sql: Sql, studyId: string): Promise<{ modelId: string; problemSet: string }[]> {
  const { rows } = await sql.query<{ modelId: string; problemSet: string }>(
    `SELECT model_id AS "modelId", settings->>'problemSet' AS "problemSet" FROM run
     WHERE study_id = $1 AND stage = 'rollout' AND waits AND model_id IS NOT NULL AND state IN ('queued', 'running', 'paused')`,
    [studyId],
  );
  return rows;
}

/** Most points of a curve that a page draws; a longer training is thinned to every n-th step, the last one and those that measured held-out rows always in. */
const POINTS = 300;

/** Metrics of some trainings of a study: all, or those that are named. */
export async function listCurves(sql: Sql, studyId: string, trainingIds: readonly string[], metrics?: readonly string[]): Promise<TrainingCurve[]> {
  const { rows } = await sql.query<{ trainingId: string; step: number; values: Record<string, number> }>(
    `SELECT p.training_id AS "trainingId", p.step,
            CASE WHEN $3::text[] IS NULL THEN p.values
                 ELSE (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(p.values) WHERE key = ANY($3)) END AS values
     FROM training t JOIN training_point p ON p.training_id = t.id
     WHERE t.study_id = $1 AND t.id = ANY($2::uuid[])
       AND (p.step % greatest(1, ceil(t.steps / ${POINTS}.0)::int) = 0 OR p.step = t.step OR p.values ? 'eval_loss')
     ORDER BY p.training_id, p.step`,
    [studyId, trainingIds, metrics ?? null],
  );
  return trainingIds.map((trainingId) => ({
    trainingId,
    points: rows.filter((r) => r.trainingId === trainingId).map(({ step, values }) => ({ step, values })),
  }));
}

/** @param labModel served name of the lab's model. */
export async function trainingChoices(sql: Sql, studyId: string, labModel: string): Promise<TrainingChoices> {
  const [models, datasets, sets] = await Promise.all([
    sql.query<TrainingChoices["models"][number]>(
      `WITH RECURSIVE lab AS (
         SELECT id FROM model WHERE study_id = $1 AND served_name = $2
         UNION SELECT m.id FROM model m JOIN lab ON m.parent_id = lab.id)
       SELECT id, name, served_name <> '' AS served, id IN (SELECT id FROM lab) AS lab
       FROM model WHERE study_id = $1 ORDER BY created_at, model.id`,
      [studyId, labModel],
    ),
    sql.query<TrainingChoices["datasets"][number]>(
      `SELECT name, source, state::text AS state, rows FROM dataset WHERE study_id = $1 ORDER BY created_at, id`,
      [studyId],
    ),
    sql.query<TrainingChoices["problemSets"][number]>(
      `SELECT s.name, (SELECT count(*)::int FROM problem p WHERE p.problem_set_id = s.id) AS problems
       FROM problem_set s WHERE s.study_id = $1 ORDER BY s.created_at, s.id`,
      [studyId],
    ),
  ]);
  return { studyId, models: models.rows, datasets: datasets.rows, problemSets: sets.rows };
}

