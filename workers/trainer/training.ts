import { createHash } from "node:crypto";
import { cp, rm } from "node:fs/promises";
import path from "node:path";
import type { TrainerSpec } from "@/server/core/training/spec";
import { InterveneError } from "@/server/errors";
import { Adam } from "./adam";
import { loadCheckpoint, saveCheckpoint, type TrainingState } from "./checkpoint";
import type { EventLog } from "./event-log";
import { Network } from "./graph/network";
import { readConfig, readWeights } from "./weights";

/** A training under way. */
export interface Training<Spec extends TrainerSpec = TrainerSpec> {
  spec: Spec;
  network: Network;
  state: TrainingState;
  /** Tokens trained on so far by this process. */
  tokens: number;
}

/** What a kind of training does: how many steps there are, and one of them. */
export interface Course {
  steps: number;
  /** For the begin event: what a person should know of the data. */
  note: string;
  /** One optimizer step (or several on one set of samples). @returns metrics. */
  step(): Promise<Record<string, number>>;
  /** Metrics of the weights as they are after so many steps, which cost a pass of their own; none after most steps. */
  measure?(step: number): Promise<Record<string, number>>;
  close?(): Promise<void>;
}

/** Open the model, or the newest checkpoint of the same spec in its output folder. */
export async function openTraining<Spec extends TrainerSpec>(
  spec: Spec,
): Promise<{ training: Training<Spec>; resumed: boolean }> {
  if (spec.lora !== null) throw new InterveneError("bad_input", "The embedded trainer trains all weights; the Python trainer trains adapters (LoRA).");
  const config = await readConfig(spec.model);
  const saved = await loadCheckpoint(spec.output, config, spec.optimizer, digestOf(spec));
  const state = saved ?? {
    step: 0,
    weights: await readWeights(spec.model, config),
    adam: new Adam(spec.optimizer),
  };
  return { training: { spec, network: new Network(config, spec.threads), state, tokens: 0 }, resumed: saved !== null };
}

/**
 * Run a course to its end, with an event for every step, and one before the first where something is measured. When `signal` aborts, a checkpoint is left at once, and this
 * returns false: the same spec started again goes on from there.
 * @throws InterveneError("backend") when the loss is no longer a number.
 */
export async function runCourse(
  training: Training,
  course: Course,
  log: EventLog,
  signal: AbortSignal,
): Promise<boolean> {
  const { spec, network, state } = training;
  const save = async () => {
    const folder = await saveCheckpoint(spec.output, spec.model, network.config, state, digestOf(spec));
    log.write({ event: "checkpoint", step: state.step, path: folder });
    return folder;
  };
  /** After a stop what was not measured is left out: the step itself is told. */
  const measured = async () => (course.measure ? ((await unlessStopped(course.measure(state.step), signal)) ?? {}) : {});
  log.write({ event: "begin", step: state.step, steps: course.steps, note: course.note });
  if (state.step === 0) {
    const metrics = await measured();
    if (Object.keys(metrics).length > 0) log.write({ event: "metrics", step: 0, metrics });
  }
  while (state.step < course.steps) {
    if (signal.aborted) {
      await save();
      return false;
    }
    const began = performance.now();
    const metrics = await unlessStopped(course.step(), signal);
    if (metrics === null) {
      // Between two optimizer steps: what the step in progress has sampled is lost, what was learned is not.
      if (state.adam.freeze()) await save();
      return false;
    }
    state.step++;
    if (!Number.isFinite(metrics.loss ?? 0)) {
      throw new InterveneError(
        "backend",
        `The loss of step ${state.step} is not a number: the learning rate (${spec.optimizer.learningRate}) is probably too high. Nothing after the last checkpoint was kept.`,
      );
    }
    const step_time = (performance.now() - began) / 1000;
    log.write({ event: "metrics", step: state.step, metrics: { ...metrics, step_time, ...(await measured()) } });
    if (spec.checkpointEvery > 0 && state.step % spec.checkpointEvery === 0 && state.step < course.steps) await save();
  }
  const last = await save();
  const final = path.join(spec.output, "model");
  await rm(final, { recursive: true, force: true });
  await cp(last, final, {
    recursive: true,
    filter: (source) => !/optimizer|training_state/.test(path.relative(last, source)),
  });
  log.write({ event: "done", step: state.step, path: final });
  return true;
}

/** null when the signal aborts before the work is done; the work goes on behind the caller's back, and is ignored. */
async function unlessStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  let stop = () => {};
  const stopped = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    signal.addEventListener("abort", stop, { once: true });
  });
  work.catch(() => {
    // Told to whoever waits for it; after a stop nobody does.
  });
  return Promise.race([work, stopped]).finally(() => signal.removeEventListener("abort", stop));
}

/** What of a spec decides its weights: everything but where things lie, how many cores compute and what is measured on the way. */
export function digestOf(spec: TrainerSpec): string {
  const decides = Object.entries(spec).filter(([key, value]) => !DECIDES_NOTHING.has(key) && value !== null);
  return createHash("sha256").update(JSON.stringify(Object.fromEntries(decides))).digest("hex").slice(0, 24);
}

const DECIDES_NOTHING = new Set(["output", "events", "threads", "checkpointEvery", "heldOut", "merge"]);
