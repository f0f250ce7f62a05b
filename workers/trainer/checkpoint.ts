import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import type { OptimizerSettings } from "@/server/core/training/spec";
import { openSafetensors } from "../engine/safetensors";
import { Adam } from "./adam";
import type { Weights } from "./graph/network";
import { type TrainableConfig, weightShapes } from "./graph/qwen3";
import { readWeights, writeModel, writeTensors, writeWhole } from "./weights";

const stateSchema = z.object({
  /** Optimizer steps made. */
  step: z.number().int(),
  adamCount: z.number().int(),
  /** Digest of the spec without its paths: another spec must not go on from here. */
  spec: z.string(),
});
export type CheckpointState = z.infer<typeof stateSchema>;

/** Weights and optimizer in the middle of a training. */
export interface TrainingState {
  step: number;
  weights: Weights;
  adam: Adam;
}

const NAME = /^checkpoint-(\d+)$/;

/**
 * Write checkpoint-STEP: a model folder of its own (it can be served as it is), the optimizer's moments and the state. It
 * appears whole or not at all. Older ones go, but for the newest before it.
 */
export async function saveCheckpoint(
  output: string,
  from: string,
  config: TrainableConfig,
  state: TrainingState,
  specDigest: string,
): Promise<string> {
  const folder = path.join(output, `checkpoint-${state.step}`);
  const unfinished = `${folder}.part`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true });
  await writeModel(unfinished, from, state.weights, config);
  const moments: Weights = new Map();
  const shapes = new Map<string, number[]>();
  for (const [kind, of] of [
    ["first", state.adam.first],
    ["second", state.adam.second],
  ] as const) {
    for (const [name, data] of of) {
      moments.set(`${kind} ${name}`, data);
      shapes.set(`${kind} ${name}`, weightShapes(config).get(name) ?? [data.length]);
    }
  }
  await mkdir(path.join(unfinished, "optimizer"));
  await writeTensors(path.join(unfinished, "optimizer", "model.safetensors"), moments, shapes);
  const json: CheckpointState = { step: state.step, adamCount: state.adam.count, spec: specDigest };
  await writeWhole(path.join(unfinished, "training_state.json"), [Buffer.from(JSON.stringify(json))]);
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
  const kept = (await checkpoints(output)).slice(-2).map((c) => c.folder);
  for (const old of await checkpoints(output)) {
    if (!kept.includes(old.folder)) await rm(old.folder, { recursive: true, force: true });
  }
  return folder;
}

/** The newest whole checkpoint of this very spec; null when there is none. */
export async function loadCheckpoint(
  output: string,
  config: TrainableConfig,
  settings: OptimizerSettings,
  specDigest: string,
): Promise<TrainingState | null> {
  for (const { folder } of (await checkpoints(output)).reverse()) {
    const state = stateSchema.safeParse(JSON.parse(await readFile(path.join(folder, "training_state.json"), "utf8")));
    if (!state.success || state.data.spec !== specDigest) continue;
    const moments = await openSafetensors(path.join(folder, "optimizer"));
    try {
      const [first, second]: [Weights, Weights] = [new Map(), new Map()];
      for (const [name, tensor] of moments.tensors) {
        const [kind = "", weight = ""] = name.split(" ");
        (kind === "first" ? first : second).set(weight, await tensor.read());
      }
      return {
        step: state.data.step,
        weights: await readWeights(folder, config),
        adam: new Adam(settings, first, second, state.data.adamCount),
      };
    } finally {
      await moments.close();
    }
  }
  return null;
}

async function checkpoints(output: string): Promise<{ step: number; folder: string }[]> {
  const names = await readdir(output).catch(() => []);
  return names
    .flatMap((name) => {
      const step = NAME.exec(name)?.[1];
      return step === undefined ? [] : [{ step: Number(step), folder: path.join(output, name) }];
    })
    .sort((a, b) => a.step - b.step);
}
