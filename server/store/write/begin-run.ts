import { v7 as uuid } from "uuid";
import { WHOLE_TASKS } from "../../core/arms";
import type { Tx } from "../transaction";

/**
 * Make the items of a run that waited: a whole task is one item; rollouts are one for each problem of the set that its
 * settings name; reflections one for each failed attempt of the pipeline that it came after. Under the run's lock.
 * @returns how many items there are now.
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
  const targets = TARGETS[stage];
  if (!targets) throw new Error(`a run of stage ${stage} cannot wait for another one`);
  const found = await tx.query<{ id: string; units: number }>(targets, [runId]);
  const made = await tx.query<{ units: number }>(
    `INSERT INTO work_item (id, run_id, arm, target_id, units, updated_at)
     SELECT n.id, $1, '', n.target, n.units, now() FROM unnest($2::uuid[], $3::uuid[], $4::int[]) AS n (id, target, units)
     ON CONFLICT (run_id, arm, target_id) DO NOTHING RETURNING units`,
    [runId, found.rows.map(() => uuid()), found.rows.map((t) => t.id), found.rows.map((t) => t.units)],
  );
  const total = made.rows.reduce((sum, i) => sum + i.units, 0);
  await tx.query("UPDATE run SET total = total + $2 WHERE id = $1", [runId, total]);
  return made.rows.length;
}

/** What a run's items work on, in order, with the rows that each makes. */
const TARGETS: Record<string, string> = {
  rollout: `SELECT p.id, (r.settings->'rollout'->>'samples')::int AS units
     FROM run r JOIN problem_set s ON s.study_id = r.study_id AND s.name = r.settings->>'problemSet'
     JOIN problem p ON p.problem_set_id = s.id
     WHERE r.id = $1 ORDER BY p.ordinal
     LIMIT nullif((SELECT (settings->>'maxProblems')::int FROM run WHERE id = $1), 0)`,
  reflect: `SELECT a.id, (r.settings->>'samples')::int AS units
     FROM run r JOIN run b ON b.id = r.after_id JOIN run s ON s.pipeline_id = b.pipeline_id AND s.stage = 'rollout'
     JOIN attempt a ON a.run_id = s.id JOIN problem p ON p.id = a.problem_id
     WHERE r.id = $1 AND a.reward = 0 AND p.reference <> '' ORDER BY p.ordinal, a.sample_index`,
};
