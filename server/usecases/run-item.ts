import type pg from "pg";
import { jobPayload } from "../core/jobs";
import { isLive } from "../core/run-state";
import { InterveneError, messageOf } from "../errors";
import type { InferenceClient } from "../inference/types";
import { isDatabaseAway } from "../store/connection";
import type { ProgressNotifier } from "../store/notify";
import type { Claim, JobQueue } from "../store/queue/job-queue";
import { readWorkItem, type WorkItemView } from "../store/read/work-item";
import { failItem, finishItem } from "../store/write/finish-item";
import { startRun } from "../store/write/start-run";
import type { ServedModels } from "./served-models";
import { HANDLERS } from "./stages/registry";

/** What running items takes; the worker process makes it. */
export interface RunItemDeps {
  pool: pg.Pool;
  queue: JobQueue;
  client: InferenceClient;
  models: ServedModels;
  /** The data folder, where this worker shares it with the web. */
  home: string | null;
  progress: ProgressNotifier;
  /** Told once which run the item belongs to. */
  started?: (item: WorkItemView) => void;
  /**
   * Return when another try is worth it, however long that takes. `tries` counts the item's waits so far.
   * @throws when the signal aborts.
   */
  wait: (what: "inference" | "database", why: string, tries: number, signal: AbortSignal) => Promise<void>;
}

/** An error that nobody foresaw is tried so often, in case it was an accident, before it fails its item. */
export const TRIES_AFTER_BUG = 3;

/**
 * Run one job to its end: read the item, let its stage make rows, write them. An inference server or a database that is
 * away is waited for; an answer that cannot be used fails the item with its message; the job is settled with the item.
 *
 * @throws the signal's reason when it was aborted (the job is still the caller's), and errors that are bugs.
 */
export async function runItem(deps: RunItemDeps, claim: Claim, signal: AbortSignal): Promise<void> {
  const payload = jobPayload.safeParse(claim.data);
  if (!payload.success) throw new Error(`job ${claim.id} does not name an item: ${payload.error.message}`);
  let item: WorkItemView | null = null;
  for (let waits = 0; ; waits++) {
    try {
      signal.throwIfAborted();
      item = await readWorkItem(deps.pool, payload.data.itemId);
      if (item?.state !== "pending" || !isLive(item.runState)) return deps.queue.settle(claim);
      if (waits === 0) deps.started?.(item);
      if (item.runState === "queued") await startRun(deps.pool, item);
      return await runOnce(deps, claim, item, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof InterveneError && error.kind === "unavailable")
        await deps.wait("inference", error.message, waits, signal);
      else if (isDatabaseAway(error)) await deps.wait("database", databaseAway(error), waits, signal);
      else if (item && (error instanceof InterveneError || claim.retryCount >= TRIES_AFTER_BUG - 1)) {
        return await giveUp(deps, claim, item, error, signal);
      } else throw error;
    }
  }
}

async function runOnce(deps: RunItemDeps, claim: Claim, item: WorkItemView, signal: AbortSignal): Promise<void> {
  const { pool, client, models, home } = deps;
  const { settings } = item;
  const result = await HANDLERS[item.stage]({ pool, client, models, home, item, settings, signal });
  signal.throwIfAborted();
  // Samples are dear: what was made waits for the database in memory.
  const finished = await throughOutages(deps, signal, () => finishItem(deps, item, claim, result));
  if (finished !== "gone") deps.progress.progress(item.studyId, item.runId);
  if (finished !== "partial") return;
  throw (
    result.error ??
    new InterveneError("backend", `The ${item.stage} stage made fewer rows than the ${item.units} it was to make.`)
  );
}

async function giveUp(
  deps: RunItemDeps,
  claim: Claim,
  item: WorkItemView,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const message =
    error instanceof InterveneError ? error.message : `Unexpected error in stage ${item.stage}: ${messageOf(error)}`;
  await throughOutages(deps, signal, () => failItem(deps, item, claim, message));
  deps.progress.progress(item.studyId, item.runId);
}

/** Repeat a transaction that is safe to repeat until the database has answered. */
async function throughOutages<T>(deps: RunItemDeps, signal: AbortSignal, transaction: () => Promise<T>): Promise<T> {
  for (let waits = 0; ; waits++) {
    try {
      return await transaction();
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await deps.wait("database", databaseAway(error), waits, signal);
    }
  }
}

function databaseAway(error: unknown): string {
  return `The database does not answer (${messageOf(error)}).`;
}
