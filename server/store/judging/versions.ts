import type pg from "pg";
import { v7 as uuid } from "uuid";
import type { Arm } from "../../core/arms";
import { nextState, type RunState } from "../../core/run-state";
import type { IntSettings } from "../../core/settings";
import { notifyControl, notifyLive } from "../notify";
import type { JobQueue } from "../queue/job-queue";
import { inTransaction, type Tx } from "../transaction";
import { addItems, addTotals, type NewItem } from "../write/items";

/** Recipe of the pipelines that sample people's versions: the stages continue and keep, with the settings of the study's own run. */
export const JUDGED_RECIPE = "judged";

/** One version of people to be sampled. */
export interface NewVersion {
  attemptId: string;
  decisionId: string | null;
  settlementId: string | null;
  content: string;
  location: number;
  leakEquivalent: boolean;
  leakSubstring: boolean;
  /** The version's row, where there is one already. */
  proposalId: string | null;
  /** What is sampled from it; empty where no model is served. */
  arms: readonly Arm[];
}

export interface VersionsOf {
  studyId: string;
  settings: IntSettings;
  /** null: no server serves a model, so the versions are kept and not sampled. */
  modelId: string | null;
}

/**
 * Write people's versions and ask for their continuations: proposals by a person, hung on the runs of a pipeline of their own,
 * so that the conditioning table of the model's versions stays what it was. Done twice, it is done once.
 */
export function sampleVersions(
  store: { pool: pg.Pool; queue: JobQueue },
  of: VersionsOf,
  versions: readonly NewVersion[],
): Promise<void> {
  return inTransaction(store.pool, async (tx) => {
    // Two agreements at once must not make two pipelines.
    await tx.query("SELECT 1 FROM study WHERE id = $1 FOR NO KEY UPDATE", [of.studyId]);
    const runs = await ensureRuns(tx, of);
    const items: NewItem[] = [];
    for (const v of versions) {
      const proposalId = v.proposalId ?? (await insertVersion(tx, runs.continue, v));
      if (proposalId === null) continue;
      for (const arm of v.arms)
        items.push({ runId: runs.continue, stage: "continue", arm, targetId: proposalId, units: of.settings.continuation.samples });
    }
    const added = await addItems(tx, store.queue, items);
    if (added.size === 0) return;
    for (const statement of addTotals(added)) await tx.query(statement);
    for (const runId of [runs.continue, runs.keep]) await reopen(tx, runId);
    await notifyLive(tx, { studyId: of.studyId, runId: runs.continue, kind: "run" });
    await notifyControl(tx, { kind: "jobs" });
  });
}

async function ensureRuns(tx: Tx, of: VersionsOf): Promise<{ continue: string; keep: string }> {
  const settings = JSON.stringify(of.settings);
  const found = await tx.query<{ continue: string; keep: string }>(
    `SELECT c.id AS continue, k.id AS keep FROM pipeline p
     JOIN run c ON c.pipeline_id = p.id AND c.stage = 'continue' JOIN run k ON k.pipeline_id = p.id AND k.stage = 'keep'
     WHERE p.study_id = $1 AND p.recipe = $2 AND c.model_id IS NOT DISTINCT FROM $3::uuid AND c.settings = $4::jsonb
       AND c.state <> 'cancelled' AND k.state <> 'cancelled' ORDER BY p.created_at DESC LIMIT 1`,
    [of.studyId, JUDGED_RECIPE, of.modelId, settings],
  );
  if (found.rows[0]) return found.rows[0];
  const pipelineId = uuid();
  const made = { continue: uuid(), keep: uuid() };
  await tx.query("INSERT INTO pipeline (id, study_id, recipe) VALUES ($1, $2, $3)", [pipelineId, of.studyId, JUDGED_RECIPE]);
  for (const [ordinal, stage] of (["continue", "keep"] as const).entries())
    await tx.query(
      "INSERT INTO run (id, study_id, pipeline_id, stage, ordinal, settings, model_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
      [made[stage], of.studyId, pipelineId, stage, ordinal, settings, of.modelId],
    );
  return made;
}

async function insertVersion(tx: Tx, runId: string, v: NewVersion): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO proposal (id, run_id, attempt_id, sample_index, author, decision_id, settlement_id, content, location, leak_equivalent, leak_substring)
     SELECT $1, $2, $3, coalesce((SELECT max(sample_index) + 1 FROM proposal WHERE run_id = $2 AND attempt_id = $3), 0), 'person',
            $4, $5, $6, $7, $8, $9
     ON CONFLICT DO NOTHING RETURNING id`,
    [
      uuid(),
      runId,
      v.attemptId,
      v.decisionId,
      // A judge's own text belongs to the decision; one that was written when settling, to the settlement.
      v.decisionId === null ? v.settlementId : null,
      v.content,
      v.location,
      v.leakEquivalent,
      v.leakSubstring,
    ],
  );
  return rows[0]?.id ?? null;
}

/** A run that had ended takes items again. */
export async function reopen(tx: Tx, runId: string): Promise<void> {
  const { rows } = await tx.query<{ state: RunState; started: boolean; done: number; failed: number }>(
    "SELECT state, started_at IS NOT NULL AS started, done, failed FROM run WHERE id = $1 FOR NO KEY UPDATE",
    [runId],
  );
  const state = rows[0] && nextState(rows[0], "reopen");
  if (state)
    await tx.query(`UPDATE run SET state = $2::"RunState", message = '', ended_at = NULL WHERE id = $1`, [runId, state]);
}

/**
 * A version that no longer stands: what of it was not begun is not sampled. Its row goes too, unless something was made of it
 * already; then it stays as history, and nothing counts it.
 */
export async function retractVersion(tx: Tx, of: { decisionId: string | null; settlementId?: string | null }): Promise<void> {
  const found = await tx.query<{ id: string }>("SELECT id FROM proposal WHERE decision_id = $1 OR settlement_id = $2", [
    of.decisionId,
    of.settlementId ?? null,
  ]);
  for (const { id } of found.rows) {
    const dropped = await tx.query<{ runId: string; units: number }>(
      `DELETE FROM work_item WHERE target_id = $1 AND state = 'pending' AND made = 0 RETURNING run_id AS "runId", units`,
      [id],
    );
    for (const item of dropped.rows)
      await tx.query("UPDATE run SET total = total - $2 WHERE id = $1", [item.runId, item.units]);
    await tx.query(
      `DELETE FROM proposal p WHERE p.id = $1 AND NOT EXISTS (SELECT 1 FROM continuation c WHERE c.proposal_id = p.id)
         AND NOT EXISTS (SELECT 1 FROM work_item w WHERE w.target_id = p.id) AND NOT EXISTS (SELECT 1 FROM dataset_row d WHERE d.proposal_id = p.id)
         AND NOT EXISTS (SELECT 1 FROM queue_item i WHERE i.proposal_id = p.id)`,
      [id],
    );
  }
}
