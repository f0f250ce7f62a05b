import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { Manifest } from "../../core/datasets/manifest";
import type { Row } from "../../core/datasets/rows";
import { InterveneError } from "../../errors";
import type { JobQueue } from "../queue/job-queue";
import { inTransaction, type Tx } from "../transaction";
import { type BinaryTable, copyBinary } from "./copy-binary";
import { createChainIn } from "./create-chain";
import { createTaskIn } from "./create-task";

export interface NewDataset {
  studyId: string;
  name: string;
  source: string;
  settings: unknown;
  /** The base model; null where the study has none. */
  modelId: string | null;
  /** A run that must be done before it is built: what makes its rows' material. */
  after?: string | undefined;
}

/**
 * A data set that is to be built, with the task that builds it.
 * @throws InterveneError("conflict") when the study has one of this name.
 */
export function createDataset(
  store: { pool: pg.Pool; queue: JobQueue },
  d: NewDataset,
): Promise<{ datasetId: string; pipelineId: string; runId: string }> {
  const datasetId = uuid();
  return inTransaction(store.pool, async (tx) => {
    const task = { studyId: d.studyId, stage: "dataset" as const, settings: { datasetId }, modelId: d.modelId };
    const insert = async (runId: string) => {
      const inserted = await tx.query(
        `INSERT INTO dataset (id, study_id, name, source, settings, model_id, run_id) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (study_id, name) DO NOTHING`,
        [datasetId, d.studyId, d.name, d.source, JSON.stringify(d.settings), d.modelId, runId],
      );
      if (inserted.rowCount === 0)
        throw new InterveneError("conflict", `There is a data set named "${d.name}" in this study already.`);
    };
    if (d.after !== undefined) {
      const chain = { studyId: d.studyId, recipe: task.stage, links: [{ ...task, waits: true, after: d.after }] };
      const { pipelineId, runIds } = await createChainIn(tx, chain, (_, runId) => insert(runId));
      return { datasetId, pipelineId, runId: runIds[0] ?? "" };
    }
    const made = await createTaskIn(tx, store.queue, task, async (runId) => {
      await insert(runId);
      return [{ targetId: datasetId, units: 0 }];
    });
    return { datasetId, ...made };
  });
}

/** Another worker builds the same data set: this one was taken for dead. */
export class OtherBuilder extends Error {
  constructor() {
    super("another worker is building this data set");
  }
}

const DATASET_ROWS: BinaryTable = {
  table: "dataset_row",
  columns: {
    id: "uuid",
    dataset_id: "uuid",
    ordinal: "int",
    problem_id: "uuid",
    attempt_id: "uuid",
    proposal_id: "uuid",
    decision_id: "uuid",
    reflection_id: "uuid",
    prompt: "text",
    completion: "text",
    ends: "bool",
    tokens: "int",
    meta: "jsonb",
  },
};

/**
 * Write the next rows of a data set that is being built, and what `save` keeps with them, in one transaction.
 * @param first ordinal of the first row: how many there are already. A build that was taken for dead and one that took
 * over cannot both go on: the second to write finds another number and stops (@throws OtherBuilder).
 */
export function appendDatasetRows(
  pool: pg.Pool,
  datasetId: string,
  first: number,
  rows: readonly (Row & { tokens: number })[],
  save: (tx: Tx) => Promise<void>,
): Promise<void> {
  return inTransaction(pool, async (tx) => {
    const result = await tx.query("UPDATE dataset SET rows = $3 WHERE id = $1 AND rows = $2 AND state = 'building'", [
      datasetId,
      first,
      first + rows.length,
    ]);
    if (result.rowCount !== 1) throw new OtherBuilder();
    // Whoever has moved the count alone writes these ordinals: nothing can collide.
    const cells = rows.map((r, i) => [
      uuid(),
      datasetId,
      first + i,
      r.problemId,
      r.attemptId,
      r.proposalId,
      r.decisionId,
      r.reflectionId,
      r.prompt,
      r.completion,
      r.ends,
      r.tokens,
      JSON.stringify(r.meta),
    ]);
    await copyBinary(tx, DATASET_ROWS, cells);
    await save(tx);
  });
}

/**
 * Open a data set for building: one that failed begins again where it stopped.
 * @returns null when it is ready or gone.
 */
export async function openDataset(
  pool: pg.Pool,
  datasetId: string,
): Promise<{ name: string; study: string; source: string; settings: unknown; rows: number } | null> {
  const result = await pool.query<{ name: string; study: string; source: string; settings: unknown; rows: number }>(
    `UPDATE dataset d SET state = 'building', message = '' FROM study s
     WHERE d.id = $1 AND d.state <> 'ready' AND s.id = d.study_id
     RETURNING d.name, s.name AS study, d.source, d.settings, d.rows`,
    [datasetId],
  );
  return result.rows[0] ?? null;
}

/** It cannot be built: keep why. */
export async function failDataset(pool: pg.Pool, datasetId: string, message: string): Promise<void> {
  await pool.query("UPDATE dataset SET state = 'failed', message = $2 WHERE id = $1 AND state = 'building'", [
    datasetId,
    message,
  ]);
}

/** The last step: from here on it never changes. @throws OtherBuilder when another worker was first. */
export async function finishDataset(tx: Tx, datasetId: string, manifest: Manifest): Promise<void> {
  const result = await tx.query(
    "UPDATE dataset SET state = 'ready', manifest = $2, digest = $3, message = '' WHERE id = $1 AND state = 'building' AND rows = $4",
    [datasetId, JSON.stringify(manifest), manifest.digest.value, manifest.counts.rows],
  );
  if (result.rowCount !== 1) throw new OtherBuilder();
}

/**
 * Remove a data set that is not ready and that nothing builds any more.
 * @returns false when there is no such one.
 */
export async function removeUnfinishedDataset(pool: pg.Pool, studyId: string, datasetId: string): Promise<boolean> {
  const result = await pool.query(
    `DELETE FROM dataset d WHERE d.id = $2 AND d.study_id = $1 AND d.state <> 'ready'
       AND NOT EXISTS (SELECT 1 FROM run r WHERE r.id = d.run_id AND r.state IN ('queued', 'running', 'paused'))`,
    [studyId, datasetId],
  );
  return result.rowCount === 1;
}
