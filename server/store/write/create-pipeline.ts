import type pg from "pg";
import { v7 as uuid } from "uuid";
import { INT_STAGES, type Stage } from "../../core/arms";
import { notifyControl, notifyLive } from "../notify";
import type { JobQueue } from "../queue/job-queue";
import { inTransaction, type Tx } from "../transaction";
import { addItems, addTotals } from "./items";

export interface NewPipeline {
  studyId: string;
  recipe: string;
  /** Frozen into every run. */
  settings: unknown;
  modelId: string;
  problemIds: readonly string[];
  /** Attempts per problem. */
  samples: number;
}

/** The recipe "int": a run per stage, with an item and a job for every problem, in the caller's transaction. @returns its id. */
export function createPipelineIn(tx: Tx, queue: JobQueue, p: NewPipeline): Promise<string> {
  return createStagesIn(tx, queue, { ...p, stages: INT_STAGES, targets: p.problemIds, units: p.samples });
}

export interface NewStages {
  studyId: string;
  recipe: string;
  /** Frozen into every run. */
  settings: unknown;
  modelId: string;
  /** One run each, in this order; each feeds the next. */
  stages: readonly Stage[];
  /** What the first stage works on: an item and a job for each. */
  targets: readonly string[];
  /** Rows that it makes of each. */
  units: number;
}

/** A pipeline of one run per stage, in the caller's transaction. @returns its id. */
export async function createStagesIn(tx: Tx, queue: JobQueue, p: NewStages): Promise<string> {
  const pipelineId = uuid();
  await tx.query("INSERT INTO pipeline (id, study_id, recipe) VALUES ($1, $2, $3)", [pipelineId, p.studyId, p.recipe]);
  const runs: { id: string; stage: Stage }[] = p.stages.map((stage) => ({ id: uuid(), stage }));
  for (const [ordinal, { id, stage }] of runs.entries()) {
    await tx.query(
      `INSERT INTO run (id, study_id, pipeline_id, stage, ordinal, settings, model_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, p.studyId, pipelineId, stage, ordinal, JSON.stringify(p.settings), p.modelId],
    );
  }
  const [first] = runs;
  const items = first
    ? p.targets.map((targetId) => ({ runId: first.id, stage: first.stage, arm: "", targetId, units: p.units }))
    : [];
  for (const statement of addTotals(await addItems(tx, queue, items))) await tx.query(statement);
  await notifyLive(tx, { studyId: p.studyId, kind: "study" });
  await notifyControl(tx, { kind: "jobs" });
  return pipelineId;
}

/** {@link createPipelineIn} in a transaction of its own. */
export async function createPipeline(store: { pool: pg.Pool; queue: JobQueue }, p: NewPipeline): Promise<string> {
  return inTransaction(store.pool, (tx) => createPipelineIn(tx, store.queue, p));
}
