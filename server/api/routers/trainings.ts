import { z } from "zod";
import { launcherSchema } from "../../core/training/launcher";
import { sftSettingsSchema } from "../../core/training/settings";
import { loraSchema } from "../../core/training/spec";
import { makeHardSet } from "../../usecases/hard-set";
import { readCurves, readTrainingChoices, readTrainingPage } from "../../usecases/pages/trainings";
import { startRecipe } from "../../usecases/start-recipe";
import { procedure, router } from "../trpc";

const study = z.string();

/** How trainings are made, whichever they are. */
const place = {
  trainer: z.enum(["embedded", "trl"]).optional(),
  launcher: launcherSchema.optional(),
  loraRank: loraSchema.shape.rank.optional(),
  holdOut: sftSettingsSchema.shape.holdOut.optional(),
};

export const trainingsRouter = router({
  page: procedure.input(z.object({ study })).query(({ ctx, input }) => readTrainingPage(ctx.deps, input)),
  choices: procedure.input(z.object({ study })).query(({ ctx, input }) => readTrainingChoices(ctx.deps, input)),
  curves: procedure
    .input(z.object({ study, trainings: z.array(z.uuid()).max(50) }))
    .query(({ ctx, input }) => readCurves(ctx.deps, input)),
  start: procedure
    .input(
      z.object({
        study,
        recipe: z.enum(["evaluate", "sft", "rl", "hint-rl", "sft-rl"]),
        model: z.string(),
        dataset: z.string().optional(),
        problemSet: z.string().optional(),
        evaluate: z.array(z.string()),
        samples: z.number().int().min(1).max(1024).optional(),
        ...place,
        name: z.string().trim().min(1).max(120).optional(),
        seed: z.number().int().min(0).optional(),
        epochs: z.number().positive().optional(),
        steps: z.number().int().positive().optional(),
        learningRate: z.number().positive().optional(),
        sftLearningRate: z.number().positive().optional(),
      }),
    )
    .mutation(({ ctx, input }) => {
      const { study: name, recipe, model, problemSet, samples, ...training } = input;
      return startRecipe(ctx.deps, { recipe, study: name, model, problemSet, samples, training, inference: null });
    }),
  /** A problem set of those that a model never solved. */
  hardSet: procedure
    .input(z.object({ study, problemSet: z.string(), model: z.string() }))
    .mutation(({ ctx, input }) => makeHardSet(ctx.deps, input)),
  /** Every row of the final table that is not there yet. */
  finalTable: procedure
    .input(
      z.object({
        study,
        model: z.string(),
        /** Not set: the lab's own sets. */
        train: z.string().optional(),
        test: z.array(z.string()).min(1).optional(),
        seeds: z.number().int().min(1).max(100),
        maxProblems: z.number().int().positive().optional(),
        samples: z.number().int().min(1).max(1024).optional(),
        ...place,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { study: name, model, maxProblems, samples, train, test, seeds, ...training } = input;
      const asked = { recipe: "final-table", study: name, model, maxProblems, samples, table: { train, test, seeds }, training, inference: null };
      const { also } = await startRecipe(ctx.deps, asked);
      return { pipelines: 1 + (also?.length ?? 0) };
    }),
});
