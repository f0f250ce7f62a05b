import { v7 as uuid } from "uuid";
import { STAGES, type Stage } from "../../core/arms";
import type { JobQueue, QueuedItem } from "../queue/job-queue";
import { intLiteral, type Tx, uuidLiteral } from "../transaction";

/** An item to add to a run. */
export interface NewItem {
  runId: string;
  stage: Stage;
  /** The arm for stage continue, "now" for a score that somebody waits for, else "". */
  arm: string;
  /** Problem, attempt, proposal, branch or score id. */
  targetId: string;
  /** How many rows it makes. */
  units: number;
}

/**
 * Add items and their jobs in the caller's transaction. Items that exist already, and items of cancelled runs, are
 * left out.
 * @returns units added per run, in the order of the stages; the caller adds them to run.total.
 */
export async function addItems(tx: Tx, queue: JobQueue, items: readonly NewItem[]): Promise<Map<string, number>> {
  const added = new Map<string, number>();
  if (items.length === 0) return added;
  const ids = items.map(() => uuid());
  const result = await tx.query<{ id: string; runId: string; units: number; arm: string }>(
    `INSERT INTO work_item (id, run_id, arm, target_id, units, updated_at)
     SELECT n.id, n.run_id, n.arm, n.target_id, n.units, now()
     FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::int[]) AS n (id, run_id, arm, target_id, units)
     JOIN run r ON r.id = n.run_id AND r.state <> 'cancelled'
     ON CONFLICT (run_id, arm, target_id) DO NOTHING
     RETURNING id, run_id AS "runId", units, arm`,
    [
      ids,
      items.map((i) => i.runId),
      items.map((i) => i.arm),
      items.map((i) => i.targetId),
      items.map((i) => i.units),
    ],
  );
  const stageOf = new Map(items.map((i) => [i.runId, i.stage]));
  const jobs = new Map<Stage, QueuedItem[]>();
  // The join gives the rows back in any order; ids of version 7 sort as the items were given.
  for (const row of result.rows.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    added.set(row.runId, (added.get(row.runId) ?? 0) + row.units);
    const stage = stageOf.get(row.runId);
    if (stage) jobs.set(stage, [...(jobs.get(stage) ?? []), row]);
  }
  for (const [stage, queued] of jobs) await queue.enqueue(tx, stage, queued);
  // Everybody locks runs in the order of the stages, so nobody waits in a circle.
  const order = (runId: string) => STAGES.indexOf(stageOf.get(runId) ?? "keep");
  return new Map([...added].sort(([a], [b]) => order(a) - order(b)));
}

/** Statements that add to run.total; together they run in the order given, which must be that of the runs' ordinals. */
export function addTotals(added: ReadonlyMap<string, number>): string[] {
  return [...added].map(
    ([runId, units]) => `UPDATE run SET total = total + ${intLiteral(units)} WHERE id = ${uuidLiteral(runId)}`,
  );
}
