import { mkdir, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { failureText } from "../../core/training/failure";
import type { TrainerEvent } from "../../core/training/spec";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import { inTransaction } from "../../store/transaction";
import { type NewPoint, readTraining, saveProgress, saveStart, type TrainingRow } from "../../store/training/rows";
import type { Job, Launcher } from "../../trainers/launcher";
import type { StageContext, Task } from "../stages/stage";
import { Stop } from "../stop";
import { lastEvent, readEvents } from "./events";
import { type Forward, forwardedSchema, forwardOf } from "./forward";
import { prepare, ready, type Settings } from "./prepare";
import { register } from "./register";
import { launcherOf, trainerCommand } from "./trainers";

/** How often the events are looked at (ms). */
const LOOK_EVERY = 400;
/** A trainer may take so long to leave a checkpoint before it is ended by force (ms). */
const GRACE = 20_000;
/** At the end of a worker there is less time: what was done since the last checkpoint is done again. */
const GRACE_AT_SHUTDOWN = 3_000;

const checkpointSchema = z.object({ place: z.number().int(), mlflow: forwardedSchema.optional() });

/**
 * One training, from its settings to a model of the study: writes the data and the spec, starts the trainer (or finds the
 * one that an earlier worker has started), follows its events, and registers what comes out. The trainer outlives a
 * worker that is killed; it is stopped, with a checkpoint, when its run is cancelled or paused or the worker is stopped.
 */
export async function train(ctx: StageContext<unknown>, task: Task, settings: Settings): Promise<void> {
  const { item, home } = ctx;
  if (home === null) throw new Error("a training needs a worker with a data folder");
  const training = await readTraining(ctx.pool, item.runId);
  if (!training) return;
  const folder = path.join(homePaths(home).trainings, training.id);
  const output = path.join(folder, "output");
  const events = path.join(folder, "events.jsonl");
  const launcher = launcherOf(settings.launcher);
  if (training.modelId === null) {
    await mkdir(folder, { recursive: true });
    await ready(ctx, task, training, settings);
    const spec = await prepare(ctx, training, settings, { folder, output, events, models: homePaths(home).models });
    const lease = path.join(folder, "lease");
    await writeFile(lease, "");
    const job: Job = {
      id: `intervene-${training.id}`,
      folder,
      // Jobs of a cluster have an end of their own; a process here must not outlive its system.
      command: trainerCommand(settings.trainer, path.join(folder, "spec.json"), launcher.kind === "local" ? lease : null),
      cwd: process.cwd(),
      log: path.join(folder, "log.txt"),
    };
    await task.save({ message: "Starting the trainer" });
    // One that ended well while nobody watched need not be started again: its events are all there.
    const finished = training.handle !== null && (await lastEvent(events))?.event === "done";
    const handle = finished ? training.handle : await launcher.start(job);
    await saveStart(ctx.pool, training.id, { spec, handle });
    const saved = checkpointSchema.safeParse(ctx.item.checkpoint);
    const forward = forwardOf(training, settings, spec, saved.data?.mlflow);
    try {
      await follow(ctx, task, { training, launcher, handle, job, events, lease, forward, place: saved.data?.place ?? 0 });
    } catch (error) {
      // Whoever runs the trainer does not answer just now: the next try finds it at work.
      if (error instanceof InterveneError && error.kind === "unavailable") throw error;
      await letGo(ctx.signal, launcher, handle);
      // One that goes on later is neither failed nor over.
      if (!ctx.signal.aborted) await forward?.end("FAILED");
      else if (ctx.signal.reason instanceof Stop && ctx.signal.reason.reason === "cancelled") await forward?.end("KILLED");
      throw error;
    }
    await forward?.end("FINISHED");
  }
  await register(ctx, task, { training, name: settings.name, model: path.join(output, "model"), home });
}

interface Followed {
  training: TrainingRow;
  launcher: Launcher;
  handle: unknown;
  job: Job;
  events: string;
  lease: string;
  /** Where its metrics go beside the database; null: nowhere. */
  forward: Forward | null;
  /** How far the events file was read by an earlier worker. */
  place: number;
}

/** Follow the events to their end. @throws InterveneError("backend") with the trainer's own words when it fails. */
async function follow(ctx: StageContext<unknown>, task: Task, f: Followed): Promise<void> {
  let { place } = f;
  let last: TrainerEvent | undefined;
  for (;;) {
    const now = new Date();
    await utimes(f.lease, now, now);
    const { state, status, note } = await f.launcher.state(f.handle);
    const read = await readEvents(f.events, place);
    if (read.place > place) {
      last = read.events.at(-1) ?? last;
      place = read.place;
      await keep(ctx, task, f.training.id, read.events, { place, mlflow: f.forward?.state });
      f.forward?.tick();
      continue;
    }
    if (last?.event === "done") return;
    if (state === "ended") {
      const said = last?.event === "error" ? last.message : "The trainer ended without a word before it was done.";
      throw new InterveneError("backend", failureText({ said, status, folder: f.job.folder, log: await f.launcher.logEnd(f.handle, f.job) }));
    }
    if (state === "waiting") await task.save({ message: `Waiting for its turn: ${note}` });
    await sleep(LOOK_EVERY, undefined, { signal: ctx.signal });
  }
}

async function keep(
  ctx: StageContext<unknown>,
  task: Task,
  id: string,
  events: readonly TrainerEvent[],
  checkpoint: z.infer<typeof checkpointSchema>,
): Promise<void> {
  const points = events.flatMap((e): NewPoint[] => (e.event === "metrics" ? [{ step: e.step, at: e.at, values: e.metrics }] : []));
  const begun = events.findLast((e) => e.event === "begin") ?? null;
  await inTransaction(ctx.pool, async (tx) => {
    await saveProgress(tx, id, { points, begun });
    const done = points.at(-1)?.step;
    await task.save(
      {
        ...(done === undefined ? {} : { done }),
        ...(begun === null ? {} : { total: begun.steps }),
        message: "",
        checkpoint,
      },
      tx,
    );
  });
}

/** The run no longer goes on here: what becomes of the trainer depends on why. */
async function letGo(signal: AbortSignal, launcher: Launcher, handle: unknown): Promise<void> {
  const reason = signal.reason instanceof Stop ? signal.reason.reason : null;
  // Another worker has taken the job, and follows the same trainer.
  if (reason === "lost") return;
  await launcher.stop(handle, reason === "shutdown" ? GRACE_AT_SHUTDOWN : GRACE);
}
