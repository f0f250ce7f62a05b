import type pg from "pg";
import type { Stage } from "../../core/arms";

/** Stages that ask the inference server for something. */
const ASKS = ["rollout", "verify", "continue", "branch", "value", "score", "reflect"] as const satisfies readonly Stage[];

/** What is still to be asked of a model. */
export interface PendingSamples {
  study: string;
  model: string;
  items: number;
}

/** Pending items of living runs, in every study, that need another model than the one that is served by this name. */
export async function pendingSamples(pool: pg.Pool, servedName: string): Promise<PendingSamples[]> {
  const { rows } = await pool.query<PendingSamples>(
    `SELECT s.name AS study, m.name AS model, count(*)::int AS items
     FROM run r JOIN work_item i ON i.run_id = r.id AND i.state = 'pending'
     JOIN model m ON m.id = r.model_id JOIN study s ON s.id = r.study_id
     WHERE r.state IN ('queued', 'running') AND r.stage::text = ANY($2) AND m.served_name NOT IN ('', $1)
     GROUP BY s.name, m.name ORDER BY s.name, m.name`,
    [servedName, ASKS],
  );
  return rows;
}
