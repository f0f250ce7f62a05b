import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { Stage } from "../../core/arms";
import { notifyControl, notifyLive } from "../notify";
import type { JobQueue } from "../queue/job-queue";
import { inTransaction, type Tx } from "../transaction";
import { addItems, addTotals } from "./items";

export interface NewTask {
  studyId: string;
  stage: Stage;
  /** Frozen into the run; the stage's schema parses it. */
  settings: unknown;
  /** null for a stage that needs no model. */
  modelId: string | null;
}

/** One target of a task. A whole task has one, with 0 units. */
export interface TaskItem {
  targetId: string;
  units: number;
  arm?: string;
}

export interface CreatedTask {
  pipelineId: string;
  runId: string;
}

/**
 * A pipeline of one run: what somebody asks for beside the recipe. In the caller's transaction; a worker hears of it at
 * COMMIT. `items` is given the run's id, so that rows which the items point at can be written in between.
 */
export async function createTaskIn(
  tx: Tx,
  queue: JobQueue,
  task: NewTask,
  items: (runId: string) => Promise<readonly TaskItem[]> | readonly TaskItem[],
): Promise<CreatedTask> {
  const [pipelineId, runId] = [uuid(), uuid()];
  const { studyId, stage } = task;
  await tx.query("INSERT INTO pipeline (id, study_id, recipe) VALUES ($1, $2, $3)", [pipelineId, studyId, stage]);
  await tx.query(
    "INSERT INTO run (id, study_id, pipeline_id, stage, ordinal, settings, model_id) VALUES ($1, $2, $3, $4, 0, $5, $6)",
    [runId, studyId, pipelineId, stage, JSON.stringify(task.settings), task.modelId],
  );
  const wanted = (await items(runId)).map((i) => ({
    runId,
    stage,
    arm: i.arm ?? "",
    targetId: i.targetId,
    units: i.units,
  }));
  for (const statement of addTotals(await addItems(tx, queue, wanted))) await tx.query(statement);
  await notifyLive(tx, { studyId, runId, kind: "run" });
  await notifyControl(tx, { kind: "jobs" });
  return { pipelineId, runId };
}

/** {@link createTaskIn} in a transaction of its own, for one whole task whose target is its run. */
export function createWholeTask(store: { pool: pg.Pool; queue: JobQueue }, task: NewTask): Promise<CreatedTask> {
  return inTransaction(store.pool, (tx) =>
    createTaskIn(tx, store.queue, task, (runId) => [{ targetId: runId, units: 0 }]),
  );
}
