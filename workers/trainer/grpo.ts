import { readFile } from "node:fs/promises";
import { z } from "zod";
import { sampleSeed } from "@/server/core/seeds";
import { groupAdvantages } from "@/server/core/training/advantages";
import { learningRate } from "@/server/core/training/schedule";
import type { GrpoSpec } from "@/server/core/training/spec";
import { InterveneError } from "@/server/errors";
import { gradeAnswer } from "@/server/usecases/grading/grade";
import type { PolicyRow, Weights } from "./graph/network";
import { microBatches } from "./micro-batches";
import { sampleWeights } from "./rollouts";
import { shuffled } from "./sft";
import type { Training } from "./training";

const promptSchema = z.object({
  id: z.string(),
  prompt_ids: z.array(z.number().int().min(0)).min(1),
  answer: z.string().min(1),
  /** What the answer has said already (a hint in the assistant's mouth); graded together with the sample. */
  prefix: z.string().default(""),
});
export type Prompt = z.infer<typeof promptSchema>;

/** @throws InterveneError("bad_input") that names the line. */
export async function readPrompts(spec: GrpoSpec): Promise<Prompt[]> {
  const prompts: Prompt[] = [];
  for (const [i, line] of (await readFile(spec.data, "utf8")).split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      prompts.push(promptSchema.parse(JSON.parse(line)));
    } catch (cause) {
      throw new InterveneError("bad_input", `${spec.data}, line ${i + 1}: not an object {id, prompt_ids, answer}.`, {
        cause,
      });
    }
  }
  if (prompts.length === 0) throw new InterveneError("bad_input", `${spec.data} has no prompt.`);
  return prompts;
}

/** One GRPO step: sample groups from the weights as they are, grade them, and follow the advantages. */
export async function grpoStep(
  training: Training<GrpoSpec>,
  prompts: readonly Prompt[],
): Promise<Record<string, number>> {
  const { spec, network, state } = training;
  const began = performance.now();
  const chosen = promptsOfStep(spec, prompts, state.step);
  const groups = await sampleWeights(
    {
      folder: spec.output,
      from: spec.model,
      config: network.config,
      weights: state.weights,
      sampling: spec.sampling,
      endIds: spec.endIds,
    },
    chosen.map((prompt) => {
      const first = sampleSeed(spec.seed, "grpo", state.step, prompt.id);
      return { promptIds: prompt.prompt_ids, seeds: Array.from({ length: spec.samples }, (_, i) => first + i) };
    }),
  );
  const sampled = performance.now();

  const rewards = await Promise.all(
    groups.map((samples, g) => {
      const { answer = "", prefix = "" } = chosen[g] ?? {};
      const grade = ({ text, finishReason }: { text: string; finishReason: string }) =>
        gradeAnswer(prefix + text, answer, { bareAnswers: spec.bareAnswers, finishReason });
      return Promise.all(samples.map(async (s) => (await grade(s)).reward));
    }),
  );
  const all = groups.flat();
  const tokens = all.reduce((sum, s) => sum + s.ids.length, 0);
  const rows: PolicyRow[] = groups.flatMap((samples, g) => {
    const promptIds = chosen[g]?.prompt_ids ?? [];
    const advantages = groupAdvantages(rewards[g] ?? [], spec.scaleRewards);
    return samples.map((sample, i) => ({
      ids: [...promptIds, ...sample.ids],
      // Every sampled token of the step counts the same (DAPO's token mean; TRL's default).
      weights: [...promptIds.slice(1).map(() => 0), ...sample.ids.map(() => 1 / tokens)],
      advantage: advantages[i] ?? 0,
      old: [],
    }));
  });

  // Samples were drawn in llama.cpp's arithmetic; the ratio compares this network with itself.
  const informative = rows.filter((row) => row.advantage !== 0);
  let [loss, clipped, norm, entropy, counted] = [0, 0, 0, 0, 0];
  const rate = learningRate(spec.optimizer, state.step, spec.steps);
  const old = spec.updates > 1 ? await logprobsOf(training, informative) : null;
  for (let update = 0; update < spec.updates && informative.length > 0; update++) {
    const gradients: Weights = new Map();
    for (const micro of microBatches(informative, spec.microBatchTokens)) {
      const known = micro.map((row) => ({ ...row, old: old?.get(row) ?? [] }));
      const result = old
        ? await network.train(state.weights, known, gradients, { low: spec.clipLow, high: spec.clipHigh })
        : await network.train(state.weights, onPolicy(micro), gradients);
      loss += result.loss / spec.updates;
      clipped += result.clipped / spec.updates;
      if (update > 0) continue;
      for (const [r, row] of micro.entries())
        for (const [t, w] of row.weights.entries())
          if (w > 0) {
            entropy += result.entropies[r]?.[t] ?? 0;
            counted++;
          }
    }
    norm += state.adam.step(state.weights, gradients, rate, update === spec.updates - 1) / spec.updates;
  }
  training.tokens += rows.reduce((sum, row) => sum + row.ids.length, 0);

  const flat = rewards.flat();
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const share = (of: (group: readonly number[]) => boolean) => mean(rewards.map((group) => (of(group) ? 1 : 0)));
  return {
    loss,
    reward: mean(flat),
    reward_std: mean(rewards.map((group) => Math.sqrt(mean(group.map((r) => (r - mean(group)) ** 2))))),
    frac_no_success: share((group) => group.every((r) => r === 0)),
    frac_zero_advantage: share((group) => group.every((r) => r === group[0])),
    ...(counted > 0 ? { entropy: entropy / counted } : {}),
    clip_ratio: clipped,
    "completions/mean_length": tokens / all.length,
    "completions/clipped_ratio": mean(all.map((s) => (s.finishReason === "length" ? 1 : 0))),
    grad_norm: norm,
    learning_rate: rate,
    num_tokens: training.tokens,
    sampling_time: (sampled - began) / 1000,
  };
}

/** On policy the ratio is 1 and its gradient is that of A · logp: plain likelihood, weighted by the advantage. */
function onPolicy(rows: readonly PolicyRow[]) {
  return rows.map(({ ids, weights, advantage }) => ({ ids, weights: weights.map((w) => w * advantage) }));
}

async function logprobsOf(
  { spec, network, state }: Training<GrpoSpec>,
  rows: readonly PolicyRow[],
): Promise<Map<PolicyRow, number[]>> {
  const old = new Map<PolicyRow, number[]>();
  for (const micro of microBatches(rows, spec.microBatchTokens)) {
    const { logprobs } = await network.score(state.weights, micro);
    for (const [r, row] of micro.entries()) old.set(row, [...(logprobs[r] ?? [])]);
  }
  return old;
}

/** Prompts go round and round, in an order that each pass shuffles anew. */
function promptsOfStep(spec: GrpoSpec, prompts: readonly Prompt[], step: number): Prompt[] {
  const count = Math.min(spec.promptsPerStep, prompts.length);
  return Array.from({ length: count }, (_, i) => {
    const at = step * count + i;
    const order = shuffled(prompts.length, spec.seed, Math.floor(at / prompts.length));
    return prompts[order[at % prompts.length] ?? 0];
  }).filter((prompt): prompt is Prompt => prompt !== undefined);
}
