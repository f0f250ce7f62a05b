import { access, cp, mkdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { failureText } from "../../core/training/failure";
import type { RlSettings, SftSettings } from "../../core/training/settings";
import type { TrainerEvent, TrainerSpec } from "../../core/training/spec";
import { parseEnv } from "../../env";
import { InterveneError } from "../../errors";
import { homePaths } from "../../home";
import { loadChat } from "../../inference/chat";
import { adapterRank, folderKind } from "../../inference/model-folder";
import type { Chat } from "../../inference/types";
import { exclusively } from "../../store/exclusive";
import { pendingSamples } from "../../store/read/pending-samples";
import { inTransaction } from "../../store/transaction";
import { earlierFolder, isTrainedNext, type NewPoint, readTraining, registerModel, saveProgress, saveStart, type TrainingRow } from "../../store/training/rows";
import type { Job, Launcher } from "../../trainers/launcher";
import type { StageContext, Task } from "../stages/stage";
import { Stop } from "../stop";
import { writePrompts, writeRows } from "./data";
import { lastEvent, readEvents } from "./events";
import { Forward, type Forwarded, forwardedSchema } from "./forward";
import { type ServeOptions, serveModel, servesAdapters } from "./serve";
import { launcherOf, trainerCommand } from "./trainers";

/** How often the events are looked at (ms). */
const LOOK_EVERY = 400;
/** A trainer may take so long to leave a checkpoint before it is ended by force (ms). */
const GRACE = 20_000;
/** At the end of a worker there is less time: what was done since the last checkpoint is done again. */
const GRACE_AT_SHUTDOWN = 3_000;

/** How often the loss on held-out rows is measured over a training. */
const EVALUATIONS = 10;

/** A server may take so long to load a model that it was handed (ms). */
const SERVED_WITHIN = 30 * 60_000;
/** Time between two looks at it (ms). */
const SERVED_EVERY = 2_000;

const checkpointSchema = z.object({ place: z.number().int(), mlflow: forwardedSchema.optional() });

type Settings = ({ kind: "sft" } & SftSettings) | ({ kind: "grpo" } & RlSettings);

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
    const forward = forwarded(training, settings, spec, saved.data?.mlflow);
    try {
      await follow(ctx, task, { training, launcher, handle, job, events, lease, forward, place: saved.data?.place ?? 0 });
    } catch (error) {
      await letGo(ctx.signal, launcher, handle);
      // One that goes on later is neither failed nor over.
      if (!ctx.signal.aborted) await forward?.end("FAILED");
      else if (ctx.signal.reason instanceof Stop && ctx.signal.reason.reason === "cancelled") await forward?.end("KILLED");
      throw error;
    }
    await forward?.end("FINISHED");
  }
  await register(ctx, task, { training, settings, model: path.join(output, "model"), home });
}

/** Wait for the data set, and for the model that an earlier training was to make. */
async function ready(ctx: StageContext<unknown>, task: Task, training: TrainingRow, settings: Settings): Promise<void> {
  if (training.base === null)
    throw new InterveneError("bad_input", "The model that this training was to start from is not there: the training before it made none.");
  if (settings.kind !== "sft") return;
  for (let state = training.datasetState; state !== "ready"; ) {
    if (state !== "building")
      throw new InterveneError("bad_input", `The data set "${settings.dataset}" ${state === "failed" ? "could not be built" : "is gone"}.`);
    await task.save({ message: `Waiting: the data set "${settings.dataset}" is being built.` });
    await sleep(1_000, undefined, { signal: ctx.signal });
    state = (await readTraining(ctx.pool, ctx.item.runId))?.datasetState ?? null;
  }
}

async function prepare(
  ctx: StageContext<unknown>,
  training: TrainingRow,
  settings: Settings,
  at: { folder: string; output: string; events: string; models: string },
): Promise<TrainerSpec> {
  const { base, datasetId, problemSetId } = training;
  if (base === null) throw new Error("a training without a base was not refused");
  const { chat, folder: model } = await baseOf(ctx, base, at.models);
  await fits(base.name, model, settings);
  const common = {
    version: 1 as const,
    model,
    output: at.output,
    events: at.events,
    seed: settings.seed,
    threads: settings.threads,
    optimizer: settings.optimizer,
    checkpointEvery: settings.checkpointEvery,
    microBatchTokens: settings.microBatchTokens,
    lora: settings.lora,
    merge: settings.lora !== null && !(await servesAdapters(parseEnv(), ctx.signal)),
    data: path.join(at.folder, "data.jsonl"),
  };
  const heldOut = settings.kind === "sft" && settings.holdOut > 0 ? { file: path.join(at.folder, "held-out.jsonl"), share: settings.holdOut } : null;
  if (!(await exists(common.data))) {
    if (settings.kind === "sft") {
      if (datasetId === null) throw new InterveneError("bad_input", `The data set "${settings.dataset}" is gone.`);
      await writeRows(ctx.pool, datasetId, chat, { data: common.data, heldOut });
    } else {
      if (problemSetId === null) throw new InterveneError("bad_input", `The problem set "${settings.problemSet}" is gone.`);
      await writePrompts(ctx.pool, problemSetId, settings, chat, common.data);
    }
  }
  const spec: TrainerSpec =
    settings.kind === "sft"
      ? {
          ...common,
          kind: "sft",
          epochs: settings.epochs,
          batchRows: settings.batchRows,
          cutoff: settings.cutoff,
          heldOut: heldOut && { data: heldOut.file, times: EVALUATIONS },
        }
      : {
          ...common,
          kind: "grpo",
          steps: settings.steps,
          promptsPerStep: settings.promptsPerStep,
          samples: settings.samples,
          sampling: settings.sampling,
          endIds: [...chat.endIds],
          updates: settings.updates,
          clipLow: settings.clipLow,
          clipHigh: settings.clipHigh,
          scaleRewards: settings.scaleRewards,
          bareAnswers: settings.bareAnswers,
        };
  await writeFile(path.join(at.folder, "spec.json"), JSON.stringify(spec, null, 2));
  return spec;
}

/**
 * Where a training's base model lies: what was trained here, in the data folder; others where they are served from. A server of one
 * model may hold others just now: then it is where an earlier training found it.
 */
async function baseOf(ctx: StageContext<unknown>, base: NonNullable<TrainingRow["base"]>, models: string): Promise<{ chat: Chat; folder: string }> {
  const trained = path.join(models, base.servedName);
  if ((await folderKind(trained)) !== "none") return { chat: await loadChat(trained), folder: trained };
  try {
    const { chat, folder } = await ctx.models.get(base.servedName);
    if (folder !== null) return { chat, folder };
  } catch (error) {
    const earlier = error instanceof InterveneError && error.kind === "backend" ? await earlierFolder(ctx.pool, base.id) : null;
    if (earlier === null || (await folderKind(earlier)) === "none") throw error;
    return { chat: await loadChat(earlier), folder: earlier };
  }
  throw new InterveneError("bad_input", `The weights of "${base.name}" do not lie in a folder of this machine, so nothing here can train them.`);
}

/** @throws InterveneError("bad_input") when the model is an adapter that this training cannot go on with. */
async function fits(name: string, folder: string, settings: Settings): Promise<void> {
  if ((await folderKind(folder)) !== "adapter") return;
  if (settings.trainer !== "trl")
    throw new InterveneError("bad_input", `"${name}" is an adapter (LoRA): TRL can go on with it, the embedded trainer trains whole models alone.`);
  const rank = await adapterRank(folder);
  if (settings.lora !== null && settings.lora.rank !== rank)
    throw new InterveneError("bad_input", `"${name}" is an adapter of rank ${rank}, and goes on as one: ask for that rank, not for ${settings.lora.rank}.`);
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

/** Forwards to MLflow, where an address is set. */
function forwarded(training: TrainingRow, settings: Settings, spec: TrainerSpec, from: Forwarded | undefined): Forward | null {
  const { mlflowUrl: url, mlflowToken: token } = parseEnv();
  if (url === undefined) return null;
  const { optimizer, ...rest } = spec;
  const plain = Object.entries({ ...rest, ...optimizer }).filter(([, v]) => ["string", "number", "boolean"].includes(typeof v));
  return new Forward({
    server: { url, token },
    experiment: `Intervene: ${training.studyName}`,
    training: training.id,
    name: settings.name,
    tags: { base: training.base?.name ?? "", trainer: settings.trainer },
    params: Object.fromEntries(plain.map(([key, v]) => [key, String(v)])),
    events: spec.events,
    from,
    warn: (message) => console.error(`training ${training.id}: ${message}`),
  });
}

/** The run no longer goes on here: what becomes of the trainer depends on why. */
async function letGo(signal: AbortSignal, launcher: Launcher, handle: unknown): Promise<void> {
  const reason = signal.reason instanceof Stop ? signal.reason.reason : null;
  // Another worker has taken the job, and follows the same trainer.
  if (reason === "lost") return;
  await launcher.stop(handle, reason === "shutdown" ? GRACE_AT_SHUTDOWN : GRACE);
}

/** Put the model where it is served from, and make it a model of the study. */
async function register(
  ctx: StageContext<unknown>,
  task: Task,
  o: { training: TrainingRow; settings: Settings; model: string; home: string },
): Promise<void> {
  const { training, settings } = o;
  const servedName = `${slug(settings.name)}-${training.id.slice(-8)}`;
  const target = path.join(homePaths(o.home).models, servedName);
  if (!(await exists(target))) {
    await mkdir(path.dirname(target), { recursive: true });
    await rm(`${target}.part`, { recursive: true, force: true });
    await cp(o.model, `${target}.part`, { recursive: true });
    await rename(`${target}.part`, target);
  }
  const env = parseEnv();
  // A server of one model is not given one that only the next training starts from.
  const inBetween = env.inferenceServer === "sglang" && (await isTrainedNext(ctx.pool, ctx.item));
  if (!inBetween)
    await serveModel({
      env,
      name: servedName,
      folder: target,
      served: () => ctx.models.get(servedName),
      swap: swapsIn(ctx, task, servedName),
      say: (message) => task.save({ message }),
      signal: ctx.signal,
      withinMs: SERVED_WITHIN,
      everyMs: SERVED_EVERY,
    });
  const { id: trainingId, base } = training;
  await inTransaction(ctx.pool, async (tx) => {
    const { runId, studyId } = ctx.item;
    const modelId = await registerModel(tx, { trainingId, runId, studyId, name: settings.name, servedName, parentId: base?.id ?? "" });
    await task.save({ message: "", result: { model: settings.name, modelId, servedName } }, tx);
  });
}

/** How trainings that end at the same time take turns at a server of one model. */
function swapsIn(ctx: StageContext<unknown>, task: Task, servedName: string): ServeOptions["swap"] {
  const waiting = () => task.save({ message: "Waiting: another training's model is being put into the inference server." });
  return {
    inUse: async () => {
      // A server of one model serves one name.
      const [held] = await ctx.models.names();
      if (held === undefined || held === servedName) return "";
      const others = await pendingSamples(ctx.pool, held, ctx.item.pipelineId);
      return others.map((m) => `"${m.model}" of study "${m.study}" is still to be sampled (${m.runs} ${m.runs === 1 ? "run" : "runs"}).`).join(" ");
    },
    alone: (work) => exclusively(ctx.pool, "intervene: weights of the inference server", { signal: ctx.signal, everyMs: SERVED_EVERY, waiting }, work),
  };
}

/** A served name: one part of a path, in letters that need no quoting. */
function slug(name: string): string {
  const plain = name.replace(/[^\w.+-]+/g, "-").replace(/^[^\w]+/, "");
  return plain === "" ? "model" : plain.slice(0, 60);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
