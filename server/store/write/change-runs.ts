import type pg from "pg";
import type { Stage } from "../../core/arms";
import { nextState, type RunEvent, type RunState } from "../../core/run-state";
import { notifyControl, notifyLive } from "../notify";
import type { JobQueue, QueuedItem } from "../queue/job-queue";
import { inTransaction, type Tx } from "../transaction";
import { closeRuns } from "./close-runs";

/** A whole pipeline, or one run of it. */
export type RunTarget = { pipelineId: string } | { runId: string };

/** A run that was asked to change. */
export interface RunChange {
  runId: string;
  stage: Stage;
  before: RunState;
  /** Equal to `before` where the event does not apply. */
  after: RunState;
}

interface Row {
  id: string;
  studyId: string;
  pipelineId: string | null;
  stage: Stage;
  ordinal: number;
  state: RunState;
  started: boolean;
  done: number;
  failed: number;
}

/** Most jobs put in at once on a resume or a retry; the workers' sweep adds the rest. */
const ENQUEUE_AT_ONCE = 1000;

const columnOf = (target: RunTarget) =>
  "pipelineId" in target ? (["pipeline_id", target.pipelineId] as const) : (["id", target.runId] as const);

/** Lock the target's runs in the order of ordinals. Empty when there are none. */
async function lockRuns(tx: Tx, target: RunTarget): Promise<Row[]> {
  const [where, id] = columnOf(target);
  const result = await tx.query<Row>(
    `SELECT id, study_id AS "studyId", pipeline_id AS "pipelineId", stage, ordinal, state,
            started_at IS NOT NULL AS started, done, failed
     FROM run WHERE ${where} = $1 ORDER BY ordinal FOR NO KEY UPDATE`,
    [id],
  );
  return result.rows;
}

async function setState(tx: Tx, run: Row, state: RunState): Promise<void> {
  await tx.query(
    `UPDATE run SET state = $2::"RunState", message = '',
            ended_at = CASE WHEN $3 THEN now() ELSE NULL END
     WHERE id = $1`,
    [run.id, state, state === "cancelled"],
  );
  await notifyLive(tx, { studyId: run.studyId, runId: run.id, kind: "run" });
}

/**
 * Pause, resume or cancel. Under the runs' locks, so that of two people (or a person and a worker's last item) one is
 * first and the other sees it. Workers hear of it at COMMIT.
 */
export async function changeRuns(
  store: { pool: pg.Pool; queue: JobQueue },
  target: RunTarget,
  event: Extract<RunEvent, "pause" | "resume" | "cancel">,
): Promise<RunChange[]> {
  return inTransaction(store.pool, async (tx) => {
    const changes: RunChange[] = [];
    const runs = await lockRuns(tx, target);
    for (const run of runs) {
      const state = nextState(run, event);
      if (state) await setState(tx, run, state);
      if (state && event === "resume") await enqueuePending(tx, store.queue, run);
      changes.push({ runId: run.id, stage: run.stage, before: run.state, after: state ?? run.state });
    }
    // A resumed run may have finished its last item while it was paused; the runs after a cancelled one may be over.
    const first = runs[0];
    if (first?.pipelineId && event !== "pause") await closeRuns(tx, first.pipelineId, first.ordinal);
    await notifyControl(tx, { kind: event === "resume" ? "jobs" : "state" });
    return changes;
  });
}

/**
 * Try failed items again: they become pending with the rows they have, and their run and the finished runs after it
 * open again.
 * @returns how many items of the target there were.
 */
export async function reopenFailed(store: { pool: pg.Pool; queue: JobQueue }, target: RunTarget): Promise<number> {
  return inTransaction(store.pool, async (tx) => {
    const [column, id] = columnOf(target);
    const named = await tx.query<{ id: string; pipelineId: string | null }>(
      `SELECT id, pipeline_id AS "pipelineId" FROM run WHERE ${column} = $1`,
      [id],
    );
    const chosen = new Set(named.rows.map((r) => r.id));
    const pipelineId = named.rows[0]?.pipelineId;
    if (!pipelineId) return 0;
    let items = 0;
    for (const run of await lockRuns(tx, { pipelineId })) {
      const reopened = nextState(run, "reopen");
      if (chosen.has(run.id) && run.state !== "cancelled") {
        const again = await tx.query<{ units: number; made: number }>(
          `UPDATE work_item SET state = 'pending', error = '', updated_at = now()
           WHERE run_id = $1 AND state = 'failed' RETURNING units, made`,
          [run.id],
        );
        items += again.rows.length;
        const missing = again.rows.reduce((sum, i) => sum + i.units - i.made, 0);
        // A whole task has no units: all that it lost comes back.
        if (again.rows.some((i) => i.units === 0)) await tx.query("UPDATE run SET failed = 0 WHERE id = $1", [run.id]);
        else if (missing > 0) await tx.query("UPDATE run SET failed = failed - $2 WHERE id = $1", [run.id, missing]);
        if (again.rows.length > 0) await enqueuePending(tx, store.queue, run);
      }
      // Runs after the first reopened one are fed again, so they are open again too.
      if (items > 0 && reopened) await setState(tx, run, reopened);
    }
    await notifyControl(tx, { kind: "jobs" });
    return items;
  });
}

async function enqueuePending(tx: Tx, queue: JobQueue, run: Row): Promise<void> {
  const items = await tx.query<QueuedItem>(
    `SELECT id, run_id AS "runId", arm FROM work_item WHERE run_id = $1 AND state = 'pending' ORDER BY id LIMIT $2`,
    [run.id, ENQUEUE_AT_ONCE],
  );
  await queue.enqueue(tx, run.stage, items.rows);
}
