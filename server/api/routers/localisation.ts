import { z } from "zod";
import { localisationQuerySchema } from "../../core/views/localisation";
import { readHasLabels, readLocalisation } from "../../usecases/pages/localisation";
import { procedure, router } from "../trpc";

const study = z.string();

export const localisationRouter = router({
  get: procedure
    .input(z.object({ study, query: localisationQuerySchema }))
    .query(({ ctx, input }) => readLocalisation(ctx.deps, input)),
  hasLabels: procedure.input(z.object({ study })).query(({ ctx, input }) => readHasLabels(ctx.deps, input)),
});
