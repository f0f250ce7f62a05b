import { z } from "zod";
import { samplingSchema } from "../settings";
import { launcherSchema } from "./launcher";
import { grpoSpecSchema, loraSchema, sftSpecSchema } from "./spec";

const shared = {
  /** Name of the model that comes out. */
  name: z.string().min(1),
  trainer: z.enum(["embedded", "trl"]),
  launcher: launcherSchema,
  seed: z.number().int(),
  threads: z.number().int().positive(),
  checkpointEvery: z.number().int().min(0),
  microBatchTokens: z.number().int().positive(),
  /** null: all weights are trained. */
  lora: loraSchema.nullable().default(null),
};

/** Settings of a run of stage "sft", frozen into it. */
export const sftSettingsSchema = z.object({
  ...shared,
  /** Name of the data set. */
  dataset: z.string(),
  optimizer: sftSpecSchema.shape.optimizer,
  epochs: sftSpecSchema.shape.epochs,
  batchRows: sftSpecSchema.shape.batchRows,
  cutoff: sftSpecSchema.shape.cutoff,
  /** Share of the problems whose rows are not trained, and whose loss is measured instead; 0: every row is trained. */
  holdOut: z.number().min(0).max(0.9).default(0),
});
export type SftSettings = z.infer<typeof sftSettingsSchema>;

const templateSchema = z.object({
  id: z.string(),
  purpose: z.enum(["solve", "solve-with-hint", "verify", "reflect"]),
  turns: z.array(z.object({ text: z.string() })).min(1),
  stepLabel: z.string(),
});

/** Settings of a run of stage "rl", frozen into it. */
export const rlSettingsSchema = z.object({
  ...shared,
  problemSet: z.string(),
  /** 0 = all. */
  maxProblems: z.number().int().min(0),
  template: templateSchema,
  /**
   * Hint-guided RL (method.md): this share of the prompts carry the leading `hintShare` of the reference's steps; null = bare
   * prompts alone.
   */
  hints: z
    .object({ template: templateSchema, share: z.number().gt(0).lte(1), hintShare: z.number().gt(0).lt(1) })
    .nullable(),
  sampling: samplingSchema,
  optimizer: grpoSpecSchema.shape.optimizer,
  steps: grpoSpecSchema.shape.steps,
  promptsPerStep: grpoSpecSchema.shape.promptsPerStep,
  samples: grpoSpecSchema.shape.samples,
  updates: grpoSpecSchema.shape.updates,
  clipLow: grpoSpecSchema.shape.clipLow,
  clipHigh: grpoSpecSchema.shape.clipHigh,
  scaleRewards: grpoSpecSchema.shape.scaleRewards,
  bareAnswers: z.boolean(),
});
export type RlSettings = z.infer<typeof rlSettingsSchema>;
