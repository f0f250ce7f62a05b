import { z } from "zod";
import { readCurves, readTrainingChoices, readTrainingPage } from "../../usecases/pages/trainings";
import { startRecipe } from "../../usecases/start-recipe";
import { procedure, router } from "../trpc";

const study = z.string();

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
        trainer: z.enum(["embedded", "trl"]).optional(),
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
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const { study: name, model, maxProblems, samples, ...table } = input;
      const { also } = await startRecipe(ctx.deps, { recipe: "final-table", study: name, model, maxProblems, samples, table, inference: null });
      return { pipelines: 1 + (also?.length ?? 0) };
    }),
});
