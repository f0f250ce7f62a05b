import { v7 as uuid } from "uuid";
import { WHOLE_TASKS } from "../../core/arms";
import type { Tx } from "../transaction";

/**
 * Make the items of a run that waited for the one before it: a whole task is one item; rollouts are one for each problem
 * of the set that its settings name. Under the run's lock. @returns how many items there are now.
 */
export async function beginRun(tx: Tx, runId: string): Promise<number> {
  const { rows } = await tx.query<{ stage: string }>("SELECT stage FROM run WHERE id = $1", [runId]);
  const stage = rows[0]?.stage ?? "";
  if (WHOLE_TASKS.some((whole) => whole === stage)) {
    const made = await tx.query(
      `INSERT INTO work_item (id, run_id, arm, target_id, units, updated_at) VALUES ($1, $2, '', $2, 0, now())
       ON CONFLICT (run_id, arm, target_id) DO NOTHING`,
      [uuid(), runId],
    );
    return made.rowCount ?? 0;
  }
  if (stage !== "rollout") throw new Error(`a run of stage ${stage} cannot wait for another one`);
  const problems = await tx.query<{ id: string; units: number }>(
    `SELECT p.id, (r.settings->'rollout'->>'samples')::int AS units
     FROM run r JOIN problem_set s ON s.study_id = r.study_id AND s.name = r.settings->>'problemSet'
     JOIN problem p ON p.problem_set_id = s.id
     WHERE r.id = $1 ORDER BY p.ordinal
     LIMIT nullif((SELECT (settings->>'maxProblems')::int FROM run WHERE id = $1), 0)`,
    [runId],
  );
  const made = await tx.query<{ units: number }>(
    `INSERT INTO work_item (id, run_id, arm, target_id, units, updated_at)
     SELECT n.id, $1, '', n.target, n.units, now() FROM unnest($2::uuid[], $3::uuid[], $4::int[]) AS n (id, target, units)
     ON CONFLICT (run_id, arm, target_id) DO NOTHING RETURNING units`,
    [runId, problems.rows.map(() => uuid()), problems.rows.map((p) => p.id), problems.rows.map((p) => p.units)],
  );
  const total = made.rows.reduce((sum, i) => sum + i.units, 0);
  await tx.query("UPDATE run SET total = total + $2 WHERE id = $1", [runId, total]);
  return made.rows.length;
}
