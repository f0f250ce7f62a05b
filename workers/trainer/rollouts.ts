import { rm } from "node:fs/promises";
import path from "node:path";
import type { Sampling } from "@/server/core/settings";
import { convertFolder } from "../engine/convert";
import { Engine } from "../engine/engine";
import type { Weights } from "./graph/network";
import type { TrainableConfig } from "./graph/qwen3";
import { writeModel } from "./weights";

/** One sample of the policy. */
export interface Rollout {
  /** Sampled ids, the end token included where it was sampled. */
  ids: number[];
  text: string;
  finishReason: "stop" | "length";
}

export interface RolloutRequest {
  promptIds: readonly number[];
  /** One sample for each seed. */
  seeds: readonly number[];
}

/**
 * Sample the weights as they are now, with llama.cpp in this process: written as a model folder, converted, opened, and
 * closed again. (Measured on the lab model: see tests/trainer; a sampler on the training runtime would have to copy its
 * whole key-value cache for every token.)
 */
export async function sampleWeights(
  o: {
    folder: string;
    from: string;
    config: TrainableConfig;
    weights: Weights;
    sampling: Sampling;
    endIds: readonly number[];
  },
  requests: readonly RolloutRequest[],
): Promise<Rollout[][]> {
  const folder = path.join(o.folder, "policy");
  const file = path.join(o.folder, "policy.gguf");
  await writeModel(folder, o.from, o.weights, o.config);
  await convertFolder(folder, file);
  const samples = requests.reduce((n, r) => n + r.seeds.length, 0);
  const longest = Math.max(...requests.map((r) => r.promptIds.length)) + o.sampling.maxTokens;
  const engine = await Engine.open({
    name: "policy",
    root: folder,
    file,
    bytes: 0,
    maxQueued: samples,
    context: Math.min(o.config.max_position_embeddings, longest),
    sequences: Math.min(samples, 64),
    lanes: undefined,
    threads: undefined,
    kv: undefined,
    gpu: false,
  });
  try {
    const { temperature, topP, topK, minP, maxTokens } = o.sampling;
    const results = await engine.generate(
      requests.map(({ promptIds, seeds }) => ({
        request: {
          prompt: promptIds,
          maxTokens: Math.min(maxTokens, o.config.max_position_embeddings - promptIds.length),
          stop: [],
          stopTokenIds: o.endIds,
          includeStop: false,
          ignoreEos: false,
          skipSpecial: true,
          logprobs: undefined,
          promptLogprobs: undefined,
        },
        samplings: seeds.map((seed) => ({ temperature, topP, topK, minP, seed })),
      })),
      new AbortController().signal,
    );
    return results.map((of) => of.map((s) => ({ ids: s.tokenIds, text: s.text, finishReason: s.finishReason })));
  } finally {
    await engine.stop();
    await engine.model.dispose();
    await rm(file, { force: true });
  }
}
