import { v7 as uuid } from "uuid";
import type { Stage } from "../../core/arms";
import type { JobQueue } from "../queue/job-queue";
import type { Tx } from "../transaction";

/** An item to add to a run. */
export interface NewItem {
  runId: string;
  stage: Stage;
  /** The arm for stage continue, else "". */
  arm: string;
  /** Problem, attempt or proposal id. */
  targetId: string;
  /** How many rows it makes. */
  units: number;
}

/**
 * Add items and their jobs in the caller's transaction. Items that exist already, and items of cancelled runs, are
 * left out.
 * @returns units added per run; the caller adds them to run.total (in the order of the runs' ordinals).
 */
export async function addItems(tx: Tx, queue: JobQueue, items: readonly NewItem[]): Promise<Map<string, number>> {
  const added = new Map<string, number>();
  if (items.length === 0) return added;
  const result = await tx.query<{ id: string; runId: string; units: number }>(
    `INSERT INTO work_item (id, run_id, arm, target_id, units, updated_at)
     SELECT n.id, n.run_id, n.arm, n.target_id, n.units, now()
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[]) AS n (id, run_id, arm, target_id, units)
     JOIN run r ON r.id = n.run_id AND r.state <> 'cancelled'
     ON CONFLICT (run_id, arm, target_id) DO NOTHING
     RETURNING id, run_id AS "runId", units`,
    [
      items.map(() => uuid()),
      items.map((i) => i.runId),
      items.map((i) => i.arm),
      items.map((i) => i.targetId),
      items.map((i) => i.units),
    ],
  );
  const stageOf = new Map(items.map((i) => [i.runId, i.stage]));
  const jobs = new Map<Stage, string[]>();
  for (const row of result.rows) {
    added.set(row.runId, (added.get(row.runId) ?? 0) + row.units);
    const stage = stageOf.get(row.runId);
    if (stage) jobs.set(stage, [...(jobs.get(stage) ?? []), row.id]);
  }
  for (const [stage, ids] of jobs) await queue.enqueue(tx, stage, ids);
  return added;
}

/** Add to run.total, in the order of ordinals: everybody locks runs in that order, so nobody waits in a circle. */
export async function addTotals(tx: Tx, added: ReadonlyMap<string, number>): Promise<void> {
  if (added.size === 0) return;
  const order = await tx.query<{ id: string }>("SELECT id FROM run WHERE id = ANY($1::uuid[]) ORDER BY ordinal", [[...added.keys()]]);
  for (const { id } of order.rows) {
    await tx.query("UPDATE run SET total = total + $2 WHERE id = $1", [id, added.get(id) ?? 0]);
  }
}
