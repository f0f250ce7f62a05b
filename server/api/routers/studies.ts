import { z } from "zod";
import { createLabStudy } from "../../usecases/create-lab-study";
import { readOutcomes } from "../../usecases/pages/outcomes";
import { readStudies } from "../../usecases/pages/studies";
import { readFailedItems, readStudy } from "../../usecases/pages/study";
import { procedure, router } from "../trpc";

const pipeline = z.object({ pipeline: z.uuid() });

export const studiesRouter = router({
  list: procedure.query(({ ctx }) => readStudies(ctx.deps)),
  get: procedure
    .input(z.object({ study: z.string(), pipeline: z.uuid().optional() }))
    .query(({ ctx, input }) => readStudy(ctx.deps, input)),
  outcomes: procedure.input(pipeline).query(({ ctx, input }) => readOutcomes(ctx.deps, input)),
  /** Make the lab study and start its run; a worker takes it from there. */
  startLab: procedure.mutation(async ({ ctx }) => {
    const { studyId, pipelineId } = await createLabStudy(ctx.deps);
    return { studyId, pipelineId };
  }),
  failures: procedure.input(pipeline).query(({ ctx, input }) => readFailedItems(ctx.deps, input)),
});
