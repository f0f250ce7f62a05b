import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { type GrpoSpec, type SftSpec, type TrainerSpec, trainerSpecSchema } from "@/server/core/training/spec";
import { InterveneError, messageOf } from "@/server/errors";
import { EventLog } from "./event-log";
import { grpoStep, readPrompts } from "./grpo";
import { isMeasured, lossOf, readRows, sftStep, sftSteps } from "./sft";
import { type Course, openTraining, runCourse, type Training } from "./training";

/**
 * The embedded trainer: `tsx workers/trainer/main.ts SPEC.json [--lease FILE]` (server/core/training/spec.ts). Exit status 0 done, 1 the
 * training failed, 2 wrong use, 143 stopped by SIGTERM with a checkpoint.
 */
const STOPPED = 143;

async function main(): Promise<number> {
  const file = process.argv[2];
  if (file === undefined) {
    console.error("Usage: trainer SPEC.json");
    return 2;
  }
  const parsed = trainerSpecSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (!parsed.success) {
    console.error(`${file} is no training spec:\n${z.prettifyError(parsed.error)}`);
    return 2;
  }
  const spec = parsed.data;
  const log = new EventLog(spec.events);
  const stop = new AbortController();
  const lease = process.argv[3] === "--lease" ? process.argv[4] : undefined;
  if (lease !== undefined) followLease(lease, stop);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
  try {
    return (await train(spec, log, stop.signal)) ? 0 : STOPPED;
  } catch (error) {
    const message = error instanceof InterveneError ? error.message : `Unexpected: ${messageOf(error)}`;
    log.write({ event: "error", message });
    console.error(error instanceof InterveneError ? message : error);
    return 1;
  }
}

/** Silence after which whoever started this is gone for good (ms). */
const LEASE = 90_000;

/** Stop, with a checkpoint, when nobody touches the lease any more: a trainer must not outlive its system. */
function followLease(file: string, stop: AbortController): void {
  setInterval(() => {
    stat(file).then(
      (info) => {
        if (Date.now() - info.mtimeMs > LEASE) stop.abort();
      },
      () => stop.abort(),
    );
  }, 5_000).unref();
}

async function train(spec: TrainerSpec, log: EventLog, signal: AbortSignal): Promise<boolean> {
  const { training, resumed } = await openTraining(spec);
  const course = isSft(training) ? await sftCourse(training) : await grpoCourse(training as Training<GrpoSpec>);
  const note = resumed ? `Resumed from step ${training.state.step}. ${course.note}` : course.note;
  return runCourse(training, { ...course, note }, log, signal);
}

function isSft(training: Training): training is Training<SftSpec> {
  return training.spec.kind === "sft";
}

async function sftCourse(training: Training<SftSpec>): Promise<Course> {
  const { data, cutoff, heldOut } = training.spec;
  const vocabulary = training.network.config.vocab_size;
  const { rows, empty } = await readRows(data, cutoff, vocabulary);
  const others = heldOut === null ? [] : (await readRows(heldOut.data, cutoff, vocabulary)).rows;
  const steps = sftSteps(training.spec, rows.length);
  const notes = [
    `${rows.length} rows.`,
    ...(empty > 0 ? [`${empty} more have nothing trained within ${cutoff} tokens and are left out.`] : []),
    ...(others.length > 0 ? [`${others.length} of other problems are held out.`] : []),
  ];
  return {
    steps,
    note: notes.join(" "),
    step: () => sftStep(training, rows, steps),
    async measure(step): Promise<Record<string, number>> {
      return heldOut !== null && isMeasured(step, steps, heldOut.times) ? { eval_loss: await lossOf(training, others) } : {};
    },
  };
}

async function grpoCourse(training: Training<GrpoSpec>): Promise<Course> {
  const prompts = await readPrompts(training.spec);
  return { steps: training.spec.steps, note: `${prompts.length} prompts.`, step: () => grpoStep(training, prompts) };
}

process.exit(await main());
