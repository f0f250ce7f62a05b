import type { Tx } from "../transaction";
import { insertRows } from "./copy";
import { GRADES, type GradeRow } from "./stage-rows";

/** A further grade of a sample, and its outcome. */
export interface Regrade {
  grade: GradeRow;
  outcome: string;
}

/**
 * Add grades of a new version, and bring the cached rewards and outcomes of their samples up to date. No grade is changed.
 * @returns how many grades were added and how many cached rewards changed.
 */
export async function addGrades(
  tx: Tx,
  table: "attempt" | "continuation",
  regrades: readonly Regrade[],
): Promise<{ added: number; changed: number }> {
  const added = await insertRows(
    tx,
    GRADES,
    regrades.map((r) => r.grade),
  );
  const ids = regrades.map((r) => (table === "attempt" ? r.grade.attemptId : r.grade.continuationId));
  const outcome = table === "continuation" ? ", outcome = n.outcome" : "";
  const result = await tx.query(
    `UPDATE ${table} s SET reward = n.reward ${outcome}
     FROM unnest($1::uuid[], $2::int[], $3::text[]) AS n(id, reward, outcome)
     WHERE s.id = n.id AND s.reward IS DISTINCT FROM n.reward`,
    [ids, regrades.map((r) => r.grade.reward), regrades.map((r) => r.outcome)],
  );
  return { added, changed: result.rowCount ?? 0 };
}

/** Judge again the proposals that were judged by this run's continuations. @returns how many changed. */
export async function judgeAgain(tx: Tx, continueRunId: string): Promise<number> {
  const result = await tx.query(
    `UPDATE proposal p SET kept = n.kept
     FROM (SELECT c.target_id AS id, bool_or(c.reward = 1) AS kept FROM continuation c
           WHERE c.run_id = $1 AND c.arm = 'intervention' GROUP BY c.target_id) n
     WHERE p.id = n.id AND p.kept IS NOT NULL AND p.kept <> n.kept`,
    [continueRunId],
  );
  return result.rowCount ?? 0;
}
