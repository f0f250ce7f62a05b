import type pg from "pg";
import type { IntSettings } from "../../core/settings";
import type { InferenceClient } from "../../inference/types";
import type { WorkItemView } from "../../store/read/work-item";
import type { ItemWrites } from "../../store/write/finish-item";
import type { ServedModels } from "../served-models";

/** Everything a stage gets. It reads, samples, computes; it writes nothing itself. */
export interface StageContext {
  pool: pg.Pool;
  client: Pick<InferenceClient, "complete">;
  models: Pick<ServedModels, "get">;
  item: WorkItemView;
  settings: IntSettings;
  /** Aborted when the run is cancelled or the worker stops. */
  signal: AbortSignal;
}

/** What a stage has made: statements for the item's transaction. */
export interface StageResult extends ItemWrites {
  /** Set when some of the samples are missing: the others are kept, and then this counts as the item's error. */
  error?: unknown;
}

/** One stage. Adding one: a file like these, a line in registry.ts, a queue in server/core/jobs.ts. */
export type StageHandler = (context: StageContext) => Promise<StageResult>;
