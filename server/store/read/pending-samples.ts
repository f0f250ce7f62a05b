import type pg from "pg";
import type { Stage } from "../../core/arms";

/** Stages that ask the inference server for something. */
const ASKS = ["rollout", "verify", "continue", "branch", "value", "score", "reflect"] as const satisfies readonly Stage[];

/** What is still to be asked of a model. */
export interface PendingSamples {
  study: string;
  model: string;
  /** Runs that have not ended. */
  runs: number;
  /** Their pending items; a run that waits for another has none yet. */
  items: number;
}

/**
 * What living runs, in every study, are still to ask of the model that is served by this name. Runs of one pipeline are left out: it
 * is the one that asks.
 */
export async function pendingSamples(pool: pg.Pool, servedName: string, butPipeline: string): Promise<PendingSamples[]> {
  const { rows } = await pool.query<PendingSamples>(
    `SELECT s.name AS study, m.name AS model, count(DISTINCT r.id)::int AS runs, count(i.id)::int AS items
     FROM run r JOIN model m ON m.id = r.model_id JOIN study s ON s.id = r.study_id
     LEFT JOIN work_item i ON i.run_id = r.id AND i.state = 'pending'
     WHERE r.state IN ('queued', 'running') AND r.stage::text = ANY($2) AND m.served_name = $1 AND r.pipeline_id <> $3
     GROUP BY s.name, m.name ORDER BY s.name, m.name`,
    [servedName, ASKS, butPipeline],
  );
  return rows;
}
