import type pg from "pg";
import { notifyLive } from "../notify";
import type { Tx } from "../transaction";

/** How far a whole task is. What is left out stays as it is. */
export interface TaskProgress {
  /** Rows done and known so far; the run's counters. */
  done?: number;
  total?: number;
  /** What it does right now, for people. */
  message?: string;
  /** Where to go on after a crash; JSON. */
  checkpoint?: unknown;
  /** What has come out of it; JSON. */
  result?: unknown;
}

/**
 * Keep how far a whole task is, in one statement (or in the caller's transaction, together with the rows that it
 * counts). Pages are told.
 * @returns false when the item is no longer pending or its run no longer live: stop.
 */
export async function saveTask(
  sql: pg.Pool | Tx,
  task: { itemId: string; runId: string; studyId: string },
  p: TaskProgress,
): Promise<boolean> {
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  const result = await sql.query(
    `WITH i AS (
       UPDATE work_item SET checkpoint = coalesce($2::jsonb, checkpoint), updated_at = now()
       WHERE id = $1 AND state = 'pending' RETURNING run_id)
     UPDATE run SET done = coalesce($3, done), total = greatest(coalesce($4, total), coalesce($3, done)),
                    message = coalesce($5, message), result = coalesce($6::jsonb, result)
     FROM i WHERE run.id = i.run_id AND run.state IN ('queued', 'running')`,
    [task.itemId, json(p.checkpoint), p.done ?? null, p.total ?? null, p.message ?? null, json(p.result)],
  );
  if (result.rowCount !== 1) return false;
  await notifyLive(sql, { studyId: task.studyId, runId: task.runId, kind: "progress" });
  return true;
}
