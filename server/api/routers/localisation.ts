import { z } from "zod";
import { localisationQuerySchema } from "../../core/views/localisation";
import { readLocalisation } from "../../usecases/pages/localisation";
import { startRecipe } from "../../usecases/start-recipe";
import { procedure, router } from "../trpc";

const study = z.string();

export const localisationRouter = router({
  get: procedure
    .input(z.object({ study, query: localisationQuerySchema }))
    .query(({ ctx, input }) => readLocalisation(ctx.deps, input)),
  /** Start verification of the labelled attempts with a model that a server serves; a worker takes it from there. */
  verify: procedure
    .input(z.object({ study, model: z.string() }))
    .mutation(({ ctx, input }) =>
      startRecipe(ctx.deps, { recipe: "verify", ...input, inference: null, verify: { attempts: "labelled" } }),
    ),
});
