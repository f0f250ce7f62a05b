import { z } from "zod";
import { LAB_REFLECT } from "../prompts/lab";
import { PAPER_REFLECT } from "../prompts/paper";
import { samplingSchema } from "../settings";

/** Settings of a self-reflection run, frozen into it. */
export const reflectSettingsSchema = z.object({
  /** Mixed into the seed of every sample. */
  seed: z.number().int(),
  /** Rewritings of each failed attempt. */
  samples: z.number().int().positive(),
  sampling: samplingSchema,
  template: z.object({
    id: z.string(),
    purpose: z.literal("reflect"),
    turns: z.array(z.object({ text: z.string() })).min(1),
    stepLabel: z.string(),
  }),
  /** Accept a bare expression as an answer when there is no \boxed{}. */
  bareAnswers: z.boolean(),
  /** Names of the models whose failed attempts are rewritten; for people, the items say which attempts. */
  from: z.array(z.string()),
});
export type ReflectSettings = z.infer<typeof reflectSettingsSchema>;

/**
 * Four rewritings of each failed attempt, sampled as the InT recipe samples the same model (the lab's model as it was
 * trained to be, any other with the authors' settings; method.md, "The pipeline").
 */
export function reflectSettings(lab: boolean, from: readonly string[], o: { samples?: number | undefined; bareAnswers?: boolean | undefined }): ReflectSettings {
  const template = lab ? LAB_REFLECT : PAPER_REFLECT;
  return {
    seed: 1,
    samples: o.samples ?? 4,
    sampling: lab
      ? { temperature: 1, topP: 0.95, topK: 0, minP: 0, maxTokens: 320 }
      : { temperature: 0.7, topP: 0.8, topK: 20, minP: 0, maxTokens: 16_384 },
    template: {
      id: template.id,
      purpose: "reflect",
      turns: template.turns.map((t) => ({ ...t })),
      stepLabel: template.stepLabel,
    },
    bareAnswers: o.bareAnswers ?? false,
    from: [...from],
  };
}
