import type pg from "pg";
import type { Arm } from "../../core/arms";
import { isProblemArm } from "../../core/hint-arms";
import type { IntSettings } from "../../core/settings";
import { isOver, type RunState } from "../../core/run-state";
import { reopen } from "../judging/versions";
import { notifyControl, notifyLive } from "../notify";
import type { JobQueue } from "../queue/job-queue";
import { inTransaction } from "../transaction";
import { addItems, addTotals, type NewItem } from "./items";

/** A run of a pipeline as {@link addArms} finds it. */
export interface ArmRun {
  id: string;
  studyId: string;
  stage: string;
  state: RunState;
  settings: unknown;
}

/** The runs of a pipeline in their order. */
export async function listArmRuns(pool: pg.Pool, pipelineId: string): Promise<ArmRun[]> {
  const { rows } = await pool.query<ArmRun>(
    `SELECT id, study_id AS "studyId", stage, state::text AS state, settings FROM run WHERE pipeline_id = $1 ORDER BY ordinal`,
    [pipelineId],
  );
  return rows;
}

/** What an arm of a pipeline goes on from. */
export interface ArmTarget {
  /** The problem's or the chosen proposal's id. */
  id: string;
  reference: string;
}

/** Problems with a failed attempt of a rollout run, in their order. */
export async function listFailedProblems(pool: pg.Pool, rolloutRunId: string): Promise<ArmTarget[]> {
  const { rows } = await pool.query<ArmTarget>(
    `SELECT p.id, p.reference FROM problem p
     WHERE p.id IN (SELECT problem_id FROM attempt WHERE run_id = $1 AND reward = 0) ORDER BY p.ordinal, p.id`,
    [rolloutRunId],
  );
  return rows;
}

/** The chosen proposals of a verify run, in the order of their attempts. */
export async function listChosenProposals(pool: pg.Pool, verifyRunId: string): Promise<ArmTarget[]> {
  const { rows } = await pool.query<ArmTarget>(
    `SELECT o.id, p.reference FROM proposal o JOIN attempt a ON a.id = o.attempt_id JOIN problem p ON p.id = a.problem_id
     WHERE o.run_id = $1 AND o.chosen ORDER BY p.ordinal, a.sample_index`,
    [verifyRunId],
  );
  return rows;
}

/**
 * Give the continue run of a pipeline that has ended further arms: its runs' settings are extended by them (nothing that was
 * frozen changes), its items are made, and it is open again, all in one transaction.
 * @returns samples asked for, by arm; null when a run of the pipeline has begun again meanwhile.
 */
export async function addArms(
  store: { pool: pg.Pool; queue: JobQueue },
  o: {
    pipelineId: string;
    continueRun: string;
    settings: IntSettings;
    targets: ReadonlyMap<Arm, readonly string[]>;
  },
): Promise<Map<Arm, number> | null> {
  return inTransaction(store.pool, async (tx) => {
    const locked = await tx.query<{ id: string; studyId: string; state: RunState }>(
      `SELECT id, study_id AS "studyId", state::text AS state FROM run WHERE pipeline_id = $1 ORDER BY ordinal FOR NO KEY UPDATE`,
      [o.pipelineId],
    );
    if (locked.rows.some((r) => !isOver(r.state))) return null;
    await tx.query(
      `UPDATE run SET settings = jsonb_set(settings, '{continuation}', $2::jsonb) WHERE pipeline_id = $1`,
      [o.pipelineId, JSON.stringify(o.settings.continuation)],
    );
    const { samples, problemSamples } = o.settings.continuation;
    const made = new Map<Arm, number>();
    for (const [arm, targets] of o.targets) {
      const units = isProblemArm(arm) ? problemSamples : samples;
      const items = targets.map(
        (targetId): NewItem => ({ runId: o.continueRun, stage: "continue", arm, targetId, units }),
      );
      const added = await addItems(tx, store.queue, items);
      for (const statement of addTotals(added)) await tx.query(statement);
      made.set(arm, added.get(o.continueRun) ?? 0);
    }
    if ([...made.values()].some((n) => n > 0)) await reopen(tx, o.continueRun);
    const studyId = locked.rows[0]?.studyId;
    if (studyId !== undefined) await notifyLive(tx, { studyId, runId: o.continueRun, kind: "run" });
    await notifyControl(tx, { kind: "jobs" });
    return made;
  });
}
