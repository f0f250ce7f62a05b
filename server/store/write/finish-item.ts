import type pg from "pg";
import type { Stage } from "../../core/arms";
import type { Claim, JobQueue } from "../queue/job-queue";
import { BEGIN_REPEATABLE_WORK, inTransaction, intLiteral, type Tx, together, uuidLiteral } from "../transaction";
import { closeFinishedRuns } from "./close-runs";
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
 * and their jobs, the counters, and the end of runs that have nothing left. Safe to repeat after a lost connection:
 * what was committed is not written again. Then the item's own job is settled; should that be lost, the job comes
 * back, finds the item done, and is settled then.
 *
 * The counters stand on one row per run, which every item of the run updates. Its lock is taken in the message that
 * also commits, so that no worker waits for another one's round trips (120 to 300 ms an item, measured on two busy
 * cores). Runs are locked in the order of their ordinals; who holds one waits for nothing but later ones.
 */
export async function finishItem(
  store: Writer,
  item: ItemKey,
  claim: Claim | null,
  work: ItemWrites,
): Promise<Finished> {
  const end = { over: false };
  const finished = await inTransaction(
    store.pool,
    async (tx): Promise<Finished> => {
      const locked = await lockPending(tx, item.id);
      if (!locked) return await nothing(tx);
      const inserted = await work.rows(tx);
      const made = locked.made + inserted;
      const done = made >= locked.units;
      const added = done ? await addItems(tx, store.queue, await work.next(tx)) : new Map<string, number>();
      const mark = `UPDATE work_item SET made = ${intLiteral(made)}, state = '${done ? "done" : "pending"}', error = '', updated_at = now() WHERE id = ${uuidLiteral(item.id)}`;
      end.over = await countAndCommit(tx, item, `done = done + ${intLiteral(inserted)}`, [mark], addTotals(added));
      return done ? "done" : "partial";
    },
    { begin: BEGIN_REPEATABLE_WORK, commits: true, before: (client) => ensureStaging(client, STAGED_TABLES) },
  ).catch(goneWithItsRun);
  if (end.over) await closeFinishedRuns(store.pool, item.pipelineId, item.ordinal);
  if (claim && finished !== "partial") store.queue.settle(claim);
  return finished;
}

/**
 * The item cannot be done: keep why, give up its missing rows, and let the run end without them.
 * @param error a full sentence for a person.
 */
export async function failItem(store: Writer, item: ItemKey, claim: Claim | null, error: string): Promise<Finished> {
  const end = { over: false };
  const finished = await inTransaction(
    store.pool,
    async (tx): Promise<Finished> => {
      const locked = await lockPending(tx, item.id);
      if (!locked) return await nothing(tx);
      await tx.query("UPDATE work_item SET state = 'failed', error = $2, updated_at = now() WHERE id = $1", [
        item.id,
        error.replace(/\0/g, "\uFFFD"),
      ]);
      end.over = await countAndCommit(tx, item, lost(locked), [], []);
      return "done";
    },
    { commits: true },
  ).catch(goneWithItsRun);
  if (end.over) await closeFinishedRuns(store.pool, item.pipelineId, item.ordinal);
  if (claim) store.queue.settle(claim);
  return finished;
}

/** A whole task has no units of its own: what it had not done when it failed is what is lost, and at least one row. */
function lost({ units, made }: { units: number; made: number }): string {
  return units === 0 ? "failed = greatest(total - done, 1)" : `failed = failed + ${intLiteral(units - made)}`;
}

async function nothing(tx: Tx): Promise<Finished> {
  await tx.query("ROLLBACK");
  return "gone";
}

/** The run was cancelled meanwhile: its division by zero has rolled back what was made for it. */
function goneWithItsRun(error: unknown): Finished {
  if (error instanceof Error && "code" in error && error.code === "22012") return "gone";
  throw error;
}

async function lockPending(tx: Tx, itemId: string): Promise<{ units: number; made: number } | null> {
  const result = await tx.query<{ units: number; made: number }>(
    "SELECT units, made FROM work_item WHERE id = $1 AND state = 'pending' FOR NO KEY UPDATE",
    [itemId],
  );
  return result.rows[0] ?? null;
}

/**
 * Change the run's counters and commit, in one message; all of it is undone when the run has been cancelled.
 * @returns whether all the run's rows are made or given up and nothing can come any more from the runs before it.
 */
async function countAndCommit(
  tx: Tx,
  item: ItemKey,
  change: string,
  before: readonly string[],
  after: readonly string[],
): Promise<boolean> {
  const runId = uuidLiteral(item.runId);
  const own = `UPDATE run SET ${change} WHERE id = ${runId}
    RETURNING done + failed >= total AS complete, 1 / (state <> 'cancelled')::int AS live`;
  // A statement of its own: the snapshot of the one above is older than its wait for the lock, and would miss the end
  // of the run before, which was committed by whoever held that lock.
  const fed = `SELECT EXISTS (SELECT 1 FROM run b JOIN run r ON b.pipeline_id = r.pipeline_id AND b.ordinal < r.ordinal
    WHERE r.id = ${runId} AND b.state NOT IN ('done', 'failed', 'cancelled')) AS fed`;
  const results = await together<{ complete?: boolean; fed?: boolean }>(tx, [...before, own, fed, ...after, "COMMIT"]);
  return results[before.length]?.[0]?.complete === true && results[before.length + 1]?.[0]?.fed === false;
}
