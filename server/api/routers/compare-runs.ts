import { z } from "zod";
import { ALL_COMPARED_METRICS } from "../../core/comparing/compared-metrics";
import { comparedRuns } from "../../usecases/comparing/runs";
import { readCurves } from "../../usecases/pages/trainings";
import { procedure, router } from "../trpc";

const study = z.string();

export const compareRunsRouter = router({
  get: procedure.input(z.object({ study })).query(({ ctx, input }) => comparedRuns(ctx.deps, input)),
  curves: procedure
    .input(z.object({ study, trainings: z.array(z.uuid()).max(100) }))
    .query(({ ctx, input }) => readCurves(ctx.deps, { ...input, metrics: ALL_COMPARED_METRICS })),
});
