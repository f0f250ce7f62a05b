import type pg from "pg";
import { STAGES, type Stage } from "../../core/arms";
import type { ItemState, RunState } from "../generated/enums";

/** An item with what its stage needs of its run. */
export interface WorkItemView {
  id: string;
  arm: string;
  targetId: string;
  units: number;
  state: ItemState;
  runId: string;
  studyId: string;
  pipelineId: string;
  stage: Stage;
  ordinal: number;
  runState: RunState;
  /** As frozen in the run; the stage's own schema parses it. */
  settings: unknown;
  /** Where a whole task goes on; null at its beginning. */
  checkpoint: unknown;
  /** null for stages that need no model. */
  modelId: string | null;
  /** The name by which the inference server knows the model; "" when nothing serves it. */
  servedName: string;
  /** The pipeline's runs; a task has only its own. */
  runs: Record<Stage, string>;
}

/** Null when there is no such item (its study was deleted), or it is not part of a pipeline. */
export async function readWorkItem(pool: pg.Pool, itemId: string): Promise<WorkItemView | null> {
  const result = await pool.query<Omit<WorkItemView, "runs"> & { chain: Link[] }>(
    `SELECT i.id, i.arm, i.target_id AS "targetId", i.units, i.state,
            r.id AS "runId", r.study_id AS "studyId", r.pipeline_id AS "pipelineId", r.stage, r.ordinal,
            r.state AS "runState", r.settings, i.checkpoint, m.id AS "modelId", coalesce(m.served_name, '') AS "servedName",
            (SELECT json_agg(json_build_object('stage', p.stage, 'id', p.id, 'ordinal', p.ordinal) ORDER BY p.ordinal)
             FROM run p WHERE p.pipeline_id = r.pipeline_id) AS chain
     FROM work_item i JOIN run r ON r.id = i.run_id LEFT JOIN model m ON m.id = r.model_id
     WHERE i.id = $1 AND r.pipeline_id IS NOT NULL`,
    [itemId],
  );
  const [row] = result.rows;
  if (!row) return null;
  const { chain, ...item } = row;
  return { ...item, runs: runsAround(chain, item) };
}

interface Link {
  stage: Stage;
  id: string;
  ordinal: number;
}

/**
 * The run of each stage that an item of one run works with. A chain may hold a stage several times (an evaluation on two
 * problem sets): what comes earlier by nature is looked for backwards, the rest forwards.
 */
function runsAround(chain: readonly Link[], item: { stage: Stage; ordinal: number }): Record<Stage, string> {
  const runs: Partial<Record<Stage, string>> = {};
  const place = STAGES.indexOf(item.stage);
  for (const { stage, id, ordinal } of chain) {
    const before = STAGES.indexOf(stage) < place;
    if (before ? ordinal < item.ordinal : ordinal >= item.ordinal && runs[stage] === undefined) runs[stage] = id;
  }
  return runs as Record<Stage, string>;
}

/** The runs of these that are no longer worked on (paused, cancelled, ended, deleted), with their state. */
export async function readStoppedRuns(
  pool: pg.Pool,
  runIds: readonly string[],
): Promise<Map<string, RunState | "deleted">> {
  const stopped = new Map<string, RunState | "deleted">(runIds.map((id) => [id, "deleted"]));
  const result = await pool.query<{ id: string; state: RunState }>(
    "SELECT id, state FROM run WHERE id = ANY($1::uuid[])",
    [runIds],
  );
  for (const run of result.rows) {
    if (run.state === "queued" || run.state === "running") stopped.delete(run.id);
    else stopped.set(run.id, run.state);
  }
  return stopped;
}

/**
 * Pending items of live runs that no live job stands for: what a crash, a pause or a lost queue has left behind. Reads
 * pg-boss's table through its unique index on live jobs.
 */
export async function readOrphans(pool: pg.Pool, limit: number): Promise<{ id: string; runId: string; arm: string; stage: Stage }[]> {
  const result = await pool.query<{ id: string; runId: string; arm: string; stage: Stage }>(
    `SELECT i.id, i.run_id AS "runId", i.arm, r.stage
     FROM run r JOIN work_item i ON i.run_id = r.id AND i.state = 'pending'
     WHERE r.state IN ('queued', 'running') AND r.pipeline_id IS NOT NULL
       AND NOT EXISTS (
         SELECT 1 FROM pgboss.job j
         WHERE j.name = 'stage.' || r.stage AND coalesce(j.singleton_key, '') = i.id::text
           AND j.state <= 'active' AND j.policy = 'exclusive')
     LIMIT $1`,
    [limit],
  );
  return result.rows;
}
