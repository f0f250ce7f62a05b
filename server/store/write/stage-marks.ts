import type { Tx } from "../transaction";

/** Cache the rewards of a problem's attempts, from their grades by this grader. @returns ids of the failed ones, in order. */
export async function cacheRewards(tx: Tx, runId: string, problemId: string, graderVersion: string): Promise<string[]> {
  await tx.query(
    `UPDATE attempt a SET reward = g.reward FROM grade g
     WHERE a.run_id = $1 AND a.problem_id = $2 AND g.attempt_id = a.id AND g.grader_version = $3`,
    [runId, problemId, graderVersion],
  );
  const failed = await tx.query<{ id: string }>(
    "SELECT id FROM attempt WHERE run_id = $1 AND problem_id = $2 AND reward = 0 ORDER BY sample_index",
    [runId, problemId],
  );
  return failed.rows.map((r) => r.id);
}

/**
 * Mark the one proposal of its attempt that goes on. An attempt that was verified before keeps the one it has.
 * @returns whether it is this one.
 */
export async function markChosen(tx: Tx, proposalId: string): Promise<boolean> {
  // Two runs may verify one attempt at once: the second waits for the first one's choice.
  await tx.query("SELECT 1 FROM attempt WHERE id = (SELECT attempt_id FROM proposal WHERE id = $1) FOR NO KEY UPDATE", [
    proposalId,
  ]);
  const result = await tx.query(
    `UPDATE proposal p SET chosen = true WHERE id = $1
     AND NOT EXISTS (SELECT 1 FROM proposal o WHERE o.attempt_id = p.attempt_id AND o.chosen AND o.id <> p.id)`,
    [proposalId],
  );
  return result.rowCount === 1;
}

/**
 * Judge a proposal by the continuations from its intervention: kept when at least one succeeded (method.md, 6).
 * @returns 1 when the proposal was there.
 */
export async function judgeProposal(tx: Tx, continueRunId: string, proposalId: string): Promise<number> {
  const result = await tx.query(
    `UPDATE proposal SET kept = EXISTS (
       SELECT 1 FROM continuation c
       WHERE c.run_id = $1 AND c.arm = 'intervention' AND c.target_id = $2 AND c.reward = 1)
     WHERE id = $2`,
    [continueRunId, proposalId],
  );
  return result.rowCount ?? 0;
}
