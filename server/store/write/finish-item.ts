import type pg from "pg";
import type { Stage } from "../../core/arms";
import type { Claim, JobQueue } from "../queue/job-queue";
import { inTransaction, type Tx } from "../transaction";
import { closeRuns } from "./close-runs";
import { ensureStaging } from "./copy";
import { addItems, addTotals, type NewItem } from "./items";
import { STAGED_TABLES } from "./stage-rows";

/** The item that is being finished. */
export interface ItemKey {
  readonly id: string;
  readonly runId: string;
  readonly pipelineId: string;
  readonly stage: Stage;
  /** Its run's place in the pipeline. */
  readonly ordinal: number;
}

/** What a stage has made of an item, as statements in the item's transaction. */
export interface ItemWrites {
  /** Write the rows. @returns how many of the item's units they are (rows really inserted). */
  rows(tx: Tx): Promise<number>;
  /** Called when all units are there. @returns the items that follow from them. */
  next(tx: Tx): Promise<readonly NewItem[]>;
}

/**
 * done: all its units are there, and the job is settled · partial: rows were kept, the item is still pending ·
 * gone: somebody else has finished it or its run was cancelled, nothing was written, and the job is settled.
 */
export type Finished = "done" | "partial" | "gone";

interface Writer {
  pool: pg.Pool;
  queue: JobQueue;
}

/**
 * Everything that an item makes, in one transaction: rows, the item's state (compare-and-set), the following items
 * and their jobs, its own job, the counters, and the end of runs that have nothing left. Safe to repeat after a lost
 * connection: what was committed is not written again.
 *
 * Locks are taken in the order item → job → runs by ordinal; whoever holds a run's lock waits for nothing but later
 * runs of the same pipeline.
 */
export async function finishItem(store: Writer, item: ItemKey, claim: Claim | null, work: ItemWrites): Promise<Finished> {
  const finished = await inTransaction(
    store.pool,
    async (tx) => {
      const locked = await lockPending(tx, item.id);
      if (!locked) return "gone";
      const inserted = await work.rows(tx);
      const made = locked.made + inserted;
      if (made < locked.units) {
        await tx.query("UPDATE work_item SET made = $2, updated_at = now() WHERE id = $1", [item.id, made]);
        await addDone(tx, item.runId, inserted);
        return "partial";
      }
      const next = await work.next(tx);
      const added = await addItems(tx, store.queue, next);
      await tx.query("UPDATE work_item SET made = $2, state = 'done', error = '', updated_at = now() WHERE id = $1", [item.id, made]);
      if (claim) await store.queue.complete(claim, tx);
      const settled = await addDone(tx, item.runId, inserted);
      await addTotals(tx, added);
      if (settled) await closeRuns(tx, item.pipelineId, item.ordinal);
      return "done";
    },
    (client) => ensureStaging(client, STAGED_TABLES),
  ).catch((error: unknown): Finished => {
    if (error instanceof RunCancelled) return "gone";
    throw error;
  });
  if (finished === "gone" && claim) await store.queue.complete(claim);
  return finished;
}

/**
 * The item cannot be done: keep why, give up its missing rows, and let the run end without them.
 * @param error a full sentence for a person.
 */
export async function failItem(store: Writer, item: ItemKey, claim: Claim | null, error: string): Promise<Finished> {
  const finished = await inTransaction(store.pool, async (tx): Promise<Finished> => {
    const locked = await lockPending(tx, item.id);
    if (!locked) return "gone";
    await tx.query("UPDATE work_item SET state = 'failed', error = $2, updated_at = now() WHERE id = $1", [item.id, error.replace(/\0/g, "\uFFFD")]);
    if (claim) await store.queue.complete(claim, tx);
    const run = await tx.query<{ settled: boolean }>(
      `UPDATE run SET failed = failed + $2 WHERE id = $1 AND state <> 'cancelled' RETURNING done + failed >= total AS settled`,
      [item.runId, locked.units - locked.made],
    );
    if (!run.rows[0]) throw new RunCancelled();
    if (run.rows[0].settled) await closeRuns(tx, item.pipelineId, item.ordinal);
    return "done";
  }).catch((caught: unknown): Finished => {
    if (caught instanceof RunCancelled) return "gone";
    throw caught;
  });
  if (finished === "gone" && claim) await store.queue.complete(claim);
  return finished;
}

/** Thrown to roll back what was made for a run that a person has cancelled meanwhile. */
class RunCancelled extends Error {}

async function lockPending(tx: Tx, itemId: string): Promise<{ units: number; made: number } | null> {
  const result = await tx.query<{ units: number; made: number }>(
    "SELECT units, made FROM work_item WHERE id = $1 AND state = 'pending' FOR NO KEY UPDATE",
    [itemId],
  );
  return result.rows[0] ?? null;
}

/** Count rows on the run, under its lock. @returns whether every row it was to make is now made or given up. */
async function addDone(tx: Tx, runId: string, rows: number): Promise<boolean> {
  const result = await tx.query<{ settled: boolean }>(
    `UPDATE run SET done = done + $2 WHERE id = $1 AND state <> 'cancelled' RETURNING done + failed >= total AS settled`,
    [runId, rows],
  );
  const run = result.rows[0];
  if (!run) throw new RunCancelled();
  return run.settled;
}
