import { z } from "zod";
import { ARMS } from "../../core/arms";
import { armPair, interventionOutcomes } from "../../usecases/comparing/interventions";
import { cloningAblation } from "../../usecases/comparing/cloning-ablation";
import { interventionFunnel } from "../../usecases/comparing/interventions-funnel";
import { interventionsHead } from "../../usecases/comparing/interventions-scope";
import { interventionLengths, interventionPositions } from "../../usecases/comparing/interventions-shape";
import { sampleArms } from "../../usecases/sample-arms";
import { procedure, router } from "../trpc";

const study = z.string();
const scope = z.object({ study, pipeline: z.uuid() });
const arm = z.enum(ARMS);

export const compareInterventionsRouter = router({
  head: procedure
    .input(z.object({ study, pipeline: z.uuid().optional() }))
    .query(({ ctx, input }) => interventionsHead(ctx.deps, input)),
  outcomes: procedure.input(scope).query(({ ctx, input }) => interventionOutcomes(ctx.deps, input)),
  pair: procedure.input(scope.extend({ a: arm, b: arm })).query(({ ctx, input }) => armPair(ctx.deps, input)),
  positions: procedure.input(scope).query(({ ctx, input }) => interventionPositions(ctx.deps, input)),
  lengths: procedure.input(scope).query(({ ctx, input }) => interventionLengths(ctx.deps, input)),
  funnel: procedure
    .input(scope.extend({ dataset: z.uuid().optional() }))
    .query(({ ctx, input }) => interventionFunnel(ctx.deps, input)),
  ablation: procedure
    .input(z.object({ study, set: z.string().optional() }))
    .query(({ ctx, input }) => cloningAblation(ctx.deps, input)),
  /** Sample further arms of a run that has ended; a worker takes it from there. */
  sampleArms: procedure.input(z.object({ pipeline: z.uuid(), arms: z.array(arm).min(1) })).mutation(async ({ ctx, input }) => {
    const made = await sampleArms(ctx.deps, { pipelineId: input.pipeline, arms: input.arms });
    return { samples: [...made.values()].reduce((sum, n) => sum + n, 0) };
  }),
});
