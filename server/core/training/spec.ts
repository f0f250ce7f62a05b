import { z } from "zod";
import { samplingSchema } from "../settings";

/**
 * The trainer's contract (design.md, "Processes"): a program is given one spec file, appends events to a JSON lines file,
 * writes checkpoints beside it, and on SIGTERM leaves one more before it ends. The embedded trainer and the Python one
 * read the same spec and write the same events.
 */

const optimizerSchema = z.object({
  learningRate: z.number().positive(),
  /** cosine: from the peak down to `floor` of it over all steps. */
  schedule: z.enum(["constant", "cosine"]).default("cosine"),
  /** Share of all steps in which the rate rises from 0. */
  warmup: z.number().min(0).max(1).default(0.1),
  floor: z.number().min(0).max(1).default(0.1),
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  eps: z.number().positive().default(1e-8),
  /** Decoupled (AdamW); not applied to norms. */
  weightDecay: z.number().min(0).default(0),
  /** Gradients whose norm is larger are scaled down to it; 0 = never. */
  maxGradNorm: z.number().min(0).default(1),
});
export type OptimizerSettings = z.infer<typeof optimizerSchema>;

/** Low-rank adapters beside every linear layer are trained, and nothing else (LoRA, Hu et al. 2021). */
export const loraSchema = z.object({
  rank: z.number().int().min(1).max(1024),
  /** What the adapters add is multiplied by alpha / rank. */
  alpha: z.number().positive(),
});
export type LoraSettings = z.infer<typeof loraSchema>;

const common = {
  version: z.literal(1),
  /** Hugging Face folder to start from; with `lora` also an adapter (PEFT's form), which is then trained on. */
  model: z.string().min(1),
  /** Folder for checkpoints and the final model; made when missing. */
  output: z.string().min(1),
  /** JSON lines file of events; made when missing, appended to on resuming. */
  events: z.string().min(1),
  seed: z.number().int(),
  /** Cores to compute on. */
  threads: z.number().int().positive().default(2),
  optimizer: optimizerSchema,
  /** Steps between checkpoints; 0 = only at the end. */
  checkpointEvery: z.number().int().min(0).default(0),
  /** Tokens of one micro-batch, padding included: what memory allows. */
  microBatchTokens: z.number().int().positive().default(8192),
  /** null: all weights are trained. The embedded trainer takes nothing else. */
  lora: loraSchema.nullable().default(null),
  /** What comes out is a whole model, the adapters added to its weights; else, with `lora`, the adapter. */
  merge: z.boolean().default(false),
};

/**
 * Supervised fine-tuning on rows that are tokenised already: JSON lines `{input_ids, labels}`, a label being the id itself
 * where it is trained and -100 where not, as TRL reads them. Nothing is added to them, no end-of-turn token above all.
 */
export const sftSpecSchema = z.object({
  ...common,
  kind: z.literal("sft"),
  data: z.string().min(1),
  epochs: z.number().positive(),
  /** Rows of one optimizer step. */
  batchRows: z.number().int().positive(),
  /** Longer rows are cut to so many tokens; a row that has nothing trained then is left out and counted. */
  cutoff: z.number().int().positive(),
  /**
   * Rows of the same form that are not trained: their loss (`eval_loss`, mean over their trained tokens) is measured before the
   * first step, `times` times evenly over the steps, and so after the last one.
   */
  heldOut: z.object({ data: z.string().min(1), times: z.number().int().positive().default(10) }).nullable().default(null),
});
export type SftSpec = z.infer<typeof sftSpecSchema>;

/** Reinforcement learning by GRPO: groups of samples of one prompt, graded by the project's grader. */
export const grpoSpecSchema = z.object({
  ...common,
  kind: z.literal("grpo"),
  /** JSON lines `{id, prompt_ids, answer}`: the rendered prompt up to where the model goes on, and the final answer. */
  data: z.string().min(1),
  steps: z.number().int().positive(),
  promptsPerStep: z.number().int().positive(),
  /** Samples of one prompt (a group). */
  samples: z.number().int().min(2),
  sampling: samplingSchema,
  /** Tokens that end a sample. */
  endIds: z.array(z.number().int()),
  /** Optimizer steps on one step's samples; from the second on the ratio is clipped. */
  updates: z.number().int().positive().default(1),
  clipLow: z.number().positive().default(0.2),
  clipHigh: z.number().positive().default(0.2),
  /** Divide advantages by the group's standard deviation. */
  scaleRewards: z.boolean().default(true),
  /** Accept an answer without \boxed{}. */
  bareAnswers: z.boolean().default(false),
});
export type GrpoSpec = z.infer<typeof grpoSpecSchema>;

export const trainerSpecSchema = z.discriminatedUnion("kind", [sftSpecSchema, grpoSpecSchema]);
export type TrainerSpec = z.infer<typeof trainerSpecSchema>;

/**
 * One line of the events file. Metrics of step 0 are of the model as it came. `metrics` names follow TRL's logs (backends.md 4) where there is one: loss, grad_norm,
 * learning_rate, entropy, num_tokens, eval_loss; reward, reward_std, frac_no_success and frac_zero_advantage, clip_ratio,
 * completions/mean_length, completions/clipped_ratio.
 */
export const trainerEventSchema = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("begin"),
    at: z.string(),
    step: z.number().int(),
    steps: z.number().int(),
    note: z.string(),
  }),
  z.object({
    event: z.literal("metrics"),
    at: z.string(),
    step: z.number().int(),
    metrics: z.record(z.string(), z.number()),
  }),
  z.object({ event: z.literal("checkpoint"), at: z.string(), step: z.number().int(), path: z.string() }),
  z.object({ event: z.literal("done"), at: z.string(), step: z.number().int(), path: z.string() }),
  z.object({ event: z.literal("error"), at: z.string(), message: z.string() }),
]);
export type TrainerEvent = z.infer<typeof trainerEventSchema>;
