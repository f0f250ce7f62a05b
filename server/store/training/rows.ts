import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { Tx } from "../transaction";

export interface NewTraining {
  studyId: string;
  runId: string;
  kind: "sft" | "grpo";
  /** null: the model that the training before it in its chain makes. */
  baseId: string | null;
  datasetId: string | null;
  problemSetId: string | null;
  trainer: string;
  launcher: string;
}

export async function createTraining(tx: Tx, t: NewTraining): Promise<string> {
  const id = uuid();
  await tx.query(
    `INSERT INTO training (id, study_id, run_id, kind, base_id, dataset_id, problem_set_id, trainer, launcher)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, t.studyId, t.runId, t.kind, t.baseId, t.datasetId, t.problemSetId, t.trainer, t.launcher],
  );
  return id;
}

/** A training with what its start needs. */
export interface TrainingRow {
  id: string;
  studyName: string;
  /** null when the training that was to make it has not. */
  base: { id: string; name: string; servedName: string } | null;
  datasetId: string | null;
  datasetState: string | null;
  problemSetId: string | null;
  handle: unknown;
  spec: unknown;
  /** The model that it has made already. */
  modelId: string | null;
}

/** The training of a run; null when it is gone. */
export async function readTraining(pool: pg.Pool, runId: string): Promise<TrainingRow | null> {
  const { rows } = await pool.query<TrainingRow>(
    `SELECT t.id, s.name AS "studyName", t.dataset_id AS "datasetId", d.state::text AS "datasetState",
            t.problem_set_id AS "problemSetId", t.handle, t.spec, t.model_id AS "modelId",
            CASE WHEN b.id IS NULL THEN NULL ELSE json_build_object('id', b.id, 'name', b.name, 'servedName', b.served_name) END AS base
     FROM training t JOIN run r ON r.id = t.run_id JOIN study s ON s.id = t.study_id
     LEFT JOIN dataset d ON d.id = t.dataset_id
     LEFT JOIN model b ON b.id = coalesce(t.base_id, (
       SELECT before.model_id FROM training before JOIN run br ON br.id = before.run_id
       WHERE br.pipeline_id = r.pipeline_id AND br.ordinal < r.ordinal ORDER BY br.ordinal DESC LIMIT 1))
     WHERE t.run_id = $1`,
    [runId],
  );
  return rows[0] ?? null;
}

/** The folder that an earlier training of the same base model found it in; null when none was. */
export async function earlierFolder(pool: pg.Pool, baseId: string): Promise<string | null> {
  const { rows } = await pool.query<{ folder: string | null }>(
    "SELECT spec->>'model' AS folder FROM training WHERE base_id = $1 AND spec IS NOT NULL ORDER BY id DESC LIMIT 1",
    [baseId],
  );
  return rows[0]?.folder ?? null;
}

/** Whether the run after this one in its pipeline is a training, which starts from the model that this one makes. */
export async function isTrainedNext(pool: pg.Pool, item: { pipelineId: string; ordinal: number }): Promise<boolean> {
  const { rows } = await pool.query<{ stage: string }>(
    "SELECT stage::text AS stage FROM run WHERE pipeline_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT 1",
    [item.pipelineId, item.ordinal],
  );
  return rows[0]?.stage === "sft" || rows[0]?.stage === "rl";
}

/** Keep the spec that was handed over and where it runs. */
export async function saveStart(pool: pg.Pool, id: string, start: { spec: unknown; handle: unknown }): Promise<void> {
  await pool.query("UPDATE training SET spec = $2, handle = $3 WHERE id = $1", [
    id,
    JSON.stringify(start.spec),
    JSON.stringify(start.handle),
  ]);
}

export interface NewPoint {
  step: number;
  at: string;
  values: Record<string, number>;
}

/** How far the trainer says it is. */
export interface TrainingProgress {
  points: readonly NewPoint[];
  /** The newest begin event. */
  begun: { steps: number; note: string } | null;
}

/** Write points and counters, in the transaction that keeps the place in the events file. */
export async function saveProgress(tx: Tx, id: string, { points, begun }: TrainingProgress): Promise<void> {
  // A step may stand twice in one batch, after a resume: the later one holds.
  const newest = [...new Map(points.map((p) => [p.step, p])).values()];
  await tx.query(
    `INSERT INTO training_point (training_id, step, at, values)
     SELECT $1, n.step, n.at::timestamptz, n.values::jsonb FROM unnest($2::int[], $3::text[], $4::text[]) AS n (step, at, values)
     ON CONFLICT (training_id, step) DO UPDATE SET at = excluded.at, values = excluded.values`,
    [id, newest.map((p) => p.step), newest.map((p) => p.at), newest.map((p) => JSON.stringify(p.values))],
  );
  await tx.query(
    `UPDATE training SET step = greatest(step, $2), steps = coalesce($3, steps), note = coalesce($4, note) WHERE id = $1`,
    [id, Math.max(0, ...newest.map((p) => p.step)), begun?.steps ?? null, begun?.note ?? null],
  );
}

/**
 * The model that a training has made, under a name that is free in its study, and the model of the runs after it.
 * Repeated, it finds the one that was made.
 */
export async function registerModel(
  tx: Tx,
  m: { trainingId: string; runId: string; studyId: string; name: string; servedName: string; parentId: string },
): Promise<string> {
  const known = await tx.query<{ id: string | null }>("SELECT model_id AS id FROM training WHERE id = $1 FOR UPDATE", [
    m.trainingId,
  ]);
  const before = known.rows[0]?.id;
  if (before) return before;
  const taken = await tx.query<{ name: string }>("SELECT name FROM model WHERE study_id = $1", [m.studyId]);
  const names = new Set(taken.rows.map((r) => r.name));
  let name = m.name;
  for (let n = 2; names.has(name); n++) name = `${m.name} ${n}`;
  const id = uuid();
  await tx.query("INSERT INTO model (id, study_id, name, served_name, parent_id) VALUES ($1, $2, $3, $4, $5)", [
    id,
    m.studyId,
    name,
    m.servedName,
    m.parentId,
  ]);
  await tx.query("UPDATE training SET model_id = $2 WHERE id = $1", [m.trainingId, id]);
  // The next trainings of the chain start from it by themselves; what samples after them samples the newest.
  await tx.query(
    `UPDATE run SET model_id = $2 FROM run made
     WHERE made.id = $1 AND run.pipeline_id = made.pipeline_id AND run.ordinal > made.ordinal`,
    [m.runId, id],
  );
  return id;
}
