import type pg from "pg";
import type { z } from "zod";
import { InterveneError } from "../../errors";
import type { InferenceClient } from "../../inference/types";
import type { WorkItemView } from "../../store/read/work-item";
import type { ItemWrites } from "../../store/write/finish-item";
import { saveTask, type TaskProgress } from "../../store/write/task-progress";
import type { ServedModels } from "../served-models";

/** Everything a stage gets. It reads, samples, computes; but for whole tasks, it writes nothing itself. */
export interface StageContext<Settings = unknown> {
  pool: pg.Pool;
  client: Pick<InferenceClient, "complete" | "score">;
  models: Pick<ServedModels, "get" | "folder" | "names">;
  item: WorkItemView;
  settings: Settings;
  /** The data folder, shared with the web; null in a worker elsewhere, which gets no stage of FILE_STAGES. */
  home: string | null;
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

/** A stage with the schema of its settings, which were frozen into its run. */
export function stage<Settings>(
  schema: z.ZodType<Settings>,
  handler: (context: StageContext<Settings>) => Promise<StageResult>,
): StageHandler {
  return (context) => {
    const settings = schema.safeParse(context.settings);
    if (!settings.success)
      throw new InterveneError(
        "bad_input",
        `The settings of run ${context.item.runId} cannot be read: ${settings.error.message}`,
      );
    return handler({ ...context, settings: settings.data });
  };
}

/** What a whole task writes down of itself, and how it learns that it should stop. */
export interface Task {
  /** @throws when the run was cancelled or the item has been finished by somebody else. */
  save(progress: TaskProgress, tx?: pg.PoolClient): Promise<void>;
}

/**
 * A stage that is one whole: it streams for long, writes its own rows (each batch with its checkpoint, through
 * `task.save(…, tx)`, so that a killed one goes on where it stopped) and returns when all is there.
 */
export function wholeTask<Settings>(
  schema: z.ZodType<Settings>,
  run: (context: StageContext<Settings>, task: Task) => Promise<void>,
): StageHandler {
  return stage(schema, async (context) => {
    const { id: itemId, runId, studyId } = context.item;
    await run(context, {
      save: async (progress, tx) => {
        context.signal.throwIfAborted();
        const goesOn = await saveTask(tx ?? context.pool, { itemId, runId, studyId }, progress);
        if (goesOn) return;
        // Was it paused or cancelled? The dispatcher knows within two seconds, and says so by the signal.
        await aborted(context.signal, 5_000);
        context.signal.throwIfAborted();
        throw new InterveneError("conflict", "This task was cancelled, or somebody else has finished it.");
      },
    });
    return { rows: async () => 0, next: async () => [] };
  });
}

/** Resolves when the signal aborts, or after `within` ms. */
export function aborted(signal: AbortSignal, within: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, within);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}
