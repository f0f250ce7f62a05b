import type pg from "pg";
import { notifyLive } from "../notify";

/** A worker takes the first item of a queued run (compare-and-set; does nothing when another was first). */
export async function startRun(pool: pg.Pool, run: { runId: string; studyId: string }): Promise<void> {
  const result = await pool.query(
    `UPDATE run SET state = 'running', started_at = coalesce(started_at, now()) WHERE id = $1 AND state = 'queued'`,
    [run.runId],
  );
  if (result.rowCount) await notifyLive(pool, { ...run, kind: "run" });
}

/** Every message that a worker sets while it waits begins so; it is taken away when the wait is over. */
export const WAITING = "Waiting: ";

/** Say on the live runs, for people, what their workers wait for. One run at a time: no lock is held across runs. */
export async function sayWaiting(pool: pg.Pool, runIds: readonly string[], why: string): Promise<void> {
  for (const runId of runIds) {
    const result = await pool.query<{ studyId: string }>(
      `UPDATE run SET message = $2 WHERE id = $1 AND state IN ('queued', 'running') AND message <> $2 RETURNING study_id AS "studyId"`,
      [runId, WAITING + why],
    );
    const studyId = result.rows[0]?.studyId;
    if (studyId) await notifyLive(pool, { studyId, runId, kind: "run" });
  }
}

/** The wait is over: take the message away wherever a worker has left it. */
export async function clearWaiting(pool: pg.Pool): Promise<void> {
  const waiting = await pool.query<{ id: string }>(
    `SELECT id FROM run WHERE state IN ('queued', 'running', 'paused') AND message LIKE $1`,
    [`${WAITING}%`],
  );
  for (const { id } of waiting.rows) {
    const result = await pool.query<{ studyId: string }>(
      `UPDATE run SET message = '' WHERE id = $1 AND message LIKE $2 RETURNING study_id AS "studyId"`,
      [id, `${WAITING}%`],
    );
    const studyId = result.rows[0]?.studyId;
    if (studyId) await notifyLive(pool, { studyId, runId: id, kind: "run" });
  }
}
