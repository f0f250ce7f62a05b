import { v7 as uuid } from "uuid";
import type { Stage } from "../../core/arms";
import { notifyControl, notifyLive } from "../notify";
import type { Tx } from "../transaction";
import { closeRuns } from "./close-runs";

/** One link of a chain. */
export interface ChainLink {
  stage: Stage;
  /** Frozen into the run; the stage's schema parses it. */
  settings: unknown;
  /** null: no model is needed, or the training before it in the chain makes it. */
  modelId: string | null;
  /** It begins when the link before it is done; otherwise it is fed by that one's items (grade by rollout). */
  waits: boolean;
  /** A run of another pipeline that must be done, too, before it begins. */
  after?: string | null | undefined;
}

export interface NewChain {
  studyId: string;
  recipe: string;
  links: readonly ChainLink[];
}

/**
 * A pipeline whose runs come one after the other, in the caller's transaction. `each` writes what belongs to a run (a
 * training's row, a data set). The first link begins at once, or after the run that it names.
 */
export async function createChainIn(
  tx: Tx,
  chain: NewChain,
  each: (link: ChainLink, runId: string, ordinal: number) => Promise<void>,
): Promise<{ pipelineId: string; runIds: string[] }> {
  const pipelineId = uuid();
  const { studyId, recipe } = chain;
  await tx.query("INSERT INTO pipeline (id, study_id, recipe) VALUES ($1, $2, $3)", [pipelineId, studyId, recipe]);
  const runIds: string[] = [];
  for (const [ordinal, link] of chain.links.entries()) {
    const id = uuid();
    runIds.push(id);
    await tx.query(
      `INSERT INTO run (id, study_id, pipeline_id, stage, ordinal, settings, model_id, waits, after_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [id, studyId, pipelineId, link.stage, ordinal, JSON.stringify(link.settings), link.modelId, link.waits, link.after ?? null],
    );
    await each(link, id, ordinal);
  }
  // Begins the first link, unless it waits for a run of another pipeline.
  await closeRuns(tx, pipelineId, 0);
  await notifyLive(tx, { studyId, kind: "study" });
  await notifyControl(tx, { kind: "jobs" });
  return { pipelineId, runIds };
}
