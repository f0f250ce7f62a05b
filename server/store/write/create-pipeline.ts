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

/** A pipeline of one run per stage, with an item and a job for every problem, in the caller's transaction. @returns its id. */
export async function createPipelineIn(tx: Tx, queue: JobQueue, p: NewPipeline): Promise<string> {
  const pipelineId = uuid();
  await tx.query("INSERT INTO pipeline (id, study_id, recipe) VALUES ($1, $2, $3)", [pipelineId, p.studyId, p.recipe]);
  const runs = new Map<Stage, string>();
  for (const [ordinal, stage] of INT_STAGES.entries()) {
    const id = uuid();
    runs.set(stage, id);
    await tx.query(
      `INSERT INTO run (id, study_id, pipeline_id, stage, ordinal, settings, model_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, p.studyId, pipelineId, stage, ordinal, JSON.stringify(p.settings), p.modelId],
    );
  }
  const runId = runs.get("rollout") ?? "";
  const items = p.problemIds.map((targetId) => ({
    runId,
    stage: "rollout" as const,
    arm: "",
    targetId,
    units: p.samples,
  }));
  for (const statement of addTotals(await addItems(tx, queue, items))) await tx.query(statement);
  await notifyLive(tx, { studyId: p.studyId, kind: "study" });
  await notifyControl(tx, { kind: "jobs" });
  return pipelineId;
}

/** {@link createPipelineIn} in a transaction of its own. */
export async function createPipeline(store: { pool: pg.Pool; queue: JobQueue }, p: NewPipeline): Promise<string> {
  return inTransaction(store.pool, (tx) => createPipelineIn(tx, store.queue, p));
}
