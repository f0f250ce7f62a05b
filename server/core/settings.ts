import { z } from "zod";
import { ARMS } from "./arms";

/** Sampling parameters as they are always sent (backends.md 1.1: a parameter left out falls back to the model's own). */
export const samplingSchema = z.object({
  temperature: z.number().min(0),
  topP: z.number().gt(0).max(1),
  /** 0 = off. */
  topK: z.number().int().min(0),
  minP: z.number().min(0).max(1),
  maxTokens: z.number().int().positive(),
});
export type Sampling = z.infer<typeof samplingSchema>;

const templateSchema = z.object({
  id: z.string(),
  purpose: z.enum(["solve", "solve-with-hint", "verify", "reflect"]),
  turns: z.array(z.object({ text: z.string() })).min(1),
  stepLabel: z.string(),
  reply: z.enum(["intervention", "boxed_step"]).optional(),
});

/**
 * Settings of the InT recipe, frozen into every run of its pipeline (method.md, "The pipeline"). The paper's own
 * values are {@link PAPER_SETTINGS}.
 */
export const intSettingsSchema = z.object({
  /** Mixed into the seed of every sample. */
  seed: z.number().int(),
  problemSet: z.string(),
  /** How many of its problems, in order; 0 = all. */
  maxProblems: z.number().int().min(0),
  rollout: z.object({ samples: z.number().int().positive(), sampling: samplingSchema, template: templateSchema }),
  verify: z.object({ samples: z.number().int().positive(), sampling: samplingSchema, template: templateSchema }),
  continuation: z.object({
    arms: z.array(z.enum(ARMS)).min(1),
    /** Per proposal, for each arm that hangs on one. */
    samples: z.number().int().positive(),
    /**
     * Per problem, for the arms "problem" and "hint". A problem with several failed attempts gets `samples` for each of them in the
     * other arms; as many from the bare problem keep coverage comparable, since more samples alone cover more.
     */
    problemSamples: z.number().int().positive(),
    sampling: samplingSchema,
    /** What the arms with a hint put into the prompt; needed by them alone. */
    hint: z
      .object({
        /** The leading share of the reference's steps. */
        share: z.number().gt(0).max(1),
        template: templateSchema,
      })
      .optional(),
  }),
  /** Accept a bare expression as an answer when there is no \boxed{}. */
  bareAnswers: z.boolean(),
});
export type IntSettings = z.infer<typeof intSettingsSchema>;
