import type { ValueCount } from "../../core/branching/values";
import type { Tx } from "../transaction";

/** What the run has sampled after each step so far, when this item is its last one that is pending; else null. The run
 * is locked, so that of two items that end together one sees the other. */
export async function countsWhenLast(tx: Tx, runId: string, itemId: string): Promise<ValueCount[] | null> {
  await tx.query("SELECT 1 FROM run WHERE id = $1 FOR NO KEY UPDATE", [runId]);
  const others = await tx.query(
    "SELECT 1 FROM work_item WHERE run_id = $1 AND state = 'pending' AND id <> $2 LIMIT 1",
    [runId, itemId],
  );
  if (others.rowCount) return null;
  const { rows } = await tx.query<ValueCount>(
    `SELECT b.step, count(*)::int AS n, sum(s.reward)::int AS correct
     FROM branch b JOIN branch_sample s ON s.branch_id = b.id WHERE b.run_id = $1 GROUP BY b.step ORDER BY b.step`,
    [runId],
  );
  return rows;
}
