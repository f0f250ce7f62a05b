import { LAB_SOLVE, LAB_SOLVE_WITH_HINT } from "../prompts/lab";
import { PAPER_SOLVE, PAPER_SOLVE_WITH_HINT } from "../prompts/paper";
import type { RlSettings, SftSettings } from "./settings";
import type { LoraSettings } from "./spec";

/** What a recipe leaves to its caller: names and where it runs. */
type Named = "name" | "trainer" | "launcher" | "seed" | "threads" | "lora" | "holdOut";

const optimizer = {
  schedule: "cosine" as const,
  warmup: 0.1,
  floor: 0.1,
  beta1: 0.9,
  beta2: 0.999,
  eps: 1e-8,
  weightDecay: 0,
  maxGradNorm: 1,
};

/** SFT of the lab model: its size asks for a far higher rate than the paper's model does. */
export function labSft(): Omit<SftSettings, Named | "dataset"> {
  return {
    optimizer: { ...optimizer, learningRate: 5e-5 },
    epochs: 4,
    batchRows: 16,
    cutoff: 1024,
    checkpointEvery: 25,
    microBatchTokens: 8192,
  };
}

/** The authors' SFT (method.md, "The pipeline", 7). */
export function paperSft(): Omit<SftSettings, Named | "dataset"> {
  return { ...labSft(), optimizer: { ...optimizer, learningRate: 1e-6 }, batchRows: 64, cutoff: 16_384, microBatchTokens: 16_384 };
}

/** GRPO of the lab model: two minutes on two cores. At 8e-4 it forgets what it knew, at 4e-5 it has not begun to learn by then. */
export function labRl(): Omit<RlSettings, Named | "problemSet" | "maxProblems" | "hints"> {
  return {
    template: LAB_SOLVE as RlSettings["template"],
    sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 320 },
    optimizer: { ...optimizer, schedule: "constant", warmup: 0, learningRate: 1e-4 },
    steps: 16,
    promptsPerStep: 16,
    samples: 8,
    updates: 1,
    clipLow: 0.2,
    clipHigh: 0.2,
    scaleRewards: true,
    bareAnswers: false,
    checkpointEvery: 10,
    microBatchTokens: 8192,
  };
}

/** The authors' GRPO (method.md, "The pipeline", 8). */
export function paperRl(): Omit<RlSettings, Named | "problemSet" | "maxProblems" | "hints"> {
  return {
    ...labRl(),
    template: PAPER_SOLVE as RlSettings["template"],
    sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 16_384 },
    optimizer: { ...optimizer, schedule: "constant", warmup: 0, learningRate: 1e-6 },
    steps: 400,
    promptsPerStep: 32,
    checkpointEvery: 25,
    microBatchTokens: 16_384,
  };
}

/** Hint-guided RL: a mix of hinted and bare prompts (method.md, "What users compare"). */
export function hints(lab: boolean): NonNullable<RlSettings["hints"]> {
  const template = (lab ? LAB_SOLVE_WITH_HINT : PAPER_SOLVE_WITH_HINT) as RlSettings["template"];
  return { template, share: 0.5, hintShare: 0.5 };
}

/** Adapters of a rank, scaled by 2 whatever the rank. */
export const loraOf = (rank: number): LoraSettings => ({ rank, alpha: 2 * rank });

/** Adapters learn best at about ten times the rate of all weights (Schulman et al. 2025, "LoRA Without Regret"). */
export const loraRate = (rate: number): number => Number((10 * rate).toPrecision(12));

/** Samples per problem of an evaluation where nobody says: 16 of the lab's model, 128 as in the paper. */
export const evaluationSamples = (lab: boolean): number => (lab ? 16 : 128);
