import type pg from "pg";
import { WHOLE_TASKS } from "../../core/arms";
import { isOver, nextState, type RunState } from "../../core/run-state";
import { notifyControl, notifyLive } from "../notify";
import { inTransaction, type Tx } from "../transaction";
import { beginRun } from "./begin-run";

interface LockedRun {
  id: string;
  studyId: string;
  ordinal: number;
  state: RunState;
  started: boolean;
  done: number;
  failed: number;
  whole: boolean;
  /** It begins when the run before it is done. */
  waits: boolean;
  /** State of the run of another pipeline that must be done before it begins; "done" where there is none. */
  after: RunState;
  total: number;
}

/** Lock a pipeline's run at one place. NO KEY: rows that point at the run may go on being inserted meanwhile. */
async function lockRun(tx: Tx, pipelineId: string, ordinal: number): Promise<LockedRun | undefined> {
  const result = await tx.query<LockedRun>(
    `SELECT id, study_id AS "studyId", ordinal, state, started_at IS NOT NULL AS started, done, failed,
            stage = ANY($3) AS whole, waits, total,
            coalesce((SELECT b.state FROM run b WHERE b.id = run.after_id), 'done') AS after
     FROM run WHERE pipeline_id = $1 AND ordinal = $2 FOR NO KEY UPDATE`,
    [pipelineId, ordinal, WHOLE_TASKS],
  );
  return result.rows[0];
}

/**
 * Fan-in: end every run of the pipeline, from `fromOrdinal` on, that has nothing left to do and will get nothing more
 * from the runs before it. Called after the commit that made the last item final (and by a sweep, should that caller have
 * died in between).
 *
 * Two items that finish at once cannot both miss the end: both look after their own commit, under the run's lock; and
 * whoever ends a run looks at the next one under that one's lock.
 */
export function closeFinishedRuns(pool: pg.Pool, pipelineId: string, fromOrdinal: number): Promise<void> {
  return inTransaction(pool, (tx) => closeRuns(tx, pipelineId, fromOrdinal));
}

/** {@link closeFinishedRuns} for every pipeline that looks finished somewhere. */
export async function closeAllFinishedRuns(pool: pg.Pool): Promise<void> {
  const result = await pool.query<{ pipelineId: string; ordinal: number }>(
    `SELECT pipeline_id AS "pipelineId", min(ordinal) AS ordinal FROM run
     WHERE state IN ('queued', 'running') AND pipeline_id IS NOT NULL GROUP BY pipeline_id
     HAVING bool_or(done + failed >= total)`,
  );
  for (const { pipelineId, ordinal } of result.rows) await closeFinishedRuns(pool, pipelineId, ordinal);
}

/** {@link closeFinishedRuns} in the caller's transaction, which may hold locks of this pipeline's earlier runs alone. */
export async function closeRuns(tx: Tx, pipelineId: string, fromOrdinal: number): Promise<void> {
  const before = await tx.query<{ state: RunState }>("SELECT state FROM run WHERE pipeline_id = $1 AND ordinal < $2", [
    pipelineId,
    fromOrdinal,
  ]);
  if (!before.rows.every((r) => isOver(r.state))) return;
  let inVain = false;
  for (let ordinal = fromOrdinal; ; ordinal++) {
    const run = await lockRun(tx, pipelineId, ordinal);
    if (!run) return;
    if (isOver(run.state)) continue;
    const items = await tx.query<{ pending: boolean }>(
      "SELECT state = 'pending' AS pending FROM work_item WHERE run_id = $1 ORDER BY state = 'pending' DESC LIMIT 1",
      [run.id],
    );
    if (items.rows[0]?.pending) return;
    if (run.waits && items.rows.length === 0) {
      if (run.state === "paused" || !isOver(run.after)) return;
      // The sweep gives the new items their jobs.
      const goesOn = run.after === "done" && (await stateBefore(tx, pipelineId, ordinal)) === "done";
      if (goesOn && (await beginRun(tx, run.id)) > 0) {
        await notifyLive(tx, { studyId: run.studyId, runId: run.id, kind: "run" });
        await notifyControl(tx, { kind: "jobs" });
        return;
      }
      inVain = true;
    }
    if (inVain && items.rows.length === 0) {
      await endInVain(tx, run);
      continue;
    }
    const state = nextState(run, "finish");
    if (!state) return;
    await tx.query(`UPDATE run SET state = $2::"RunState", ended_at = now(), message = $3 WHERE id = $1`, [
      run.id,
      state,
      run.failed > 0 ? await failureMessage(tx, run.id) : "",
    ]);
    await notifyLive(tx, { studyId: run.studyId, runId: run.id, kind: "run" });
    await closeThoseAfter(tx, run.id);
  }
}

/**
 * What waits in other pipelines for a run that has just ended. Pipelines wait for older ones alone, so nobody locks in a
 * circle; one that is made at this very moment is found by the sweep.
 */
async function closeThoseAfter(tx: Tx, runId: string): Promise<void> {
  const { rows } = await tx.query<{ pipelineId: string; ordinal: number }>(
    `SELECT pipeline_id AS "pipelineId", ordinal FROM run
     WHERE after_id = $1 AND state IN ('queued', 'running') ORDER BY pipeline_id, ordinal`,
    [runId],
  );
  for (const { pipelineId, ordinal } of rows) await closeRuns(tx, pipelineId, ordinal);
}

async function stateBefore(tx: Tx, pipelineId: string, ordinal: number): Promise<RunState> {
  const { rows } = await tx.query<{ state: RunState }>(
    "SELECT state FROM run WHERE pipeline_id = $1 AND ordinal = $2",
    [pipelineId, ordinal - 1],
  );
  return rows[0]?.state ?? "done";
}

/** A run that waited for one which came to nothing. It can be tried again together with that one. */
async function endInVain(tx: Tx, run: LockedRun): Promise<void> {
  await tx.query(`UPDATE run SET state = 'failed', ended_at = now(), message = $2 WHERE id = $1`, [
    run.id,
    "Not begun: the stage before it did not come to its end, or left nothing to do.",
  ]);
  await notifyLive(tx, { studyId: run.studyId, runId: run.id, kind: "run" });
  await closeThoseAfter(tx, run.id);
}

async function failureMessage(tx: Tx, runId: string): Promise<string> {
  const result = await tx.query<{ count: number; error: string | null }>(
    `SELECT count(*)::int AS count, min(error) AS error FROM work_item WHERE run_id = $1 AND state = 'failed'`,
    [runId],
  );
  const { count = 0, error = "" } = result.rows[0] ?? {};
  return `${count} ${count === 1 ? "item" : "items"} failed: ${error}`;
}
