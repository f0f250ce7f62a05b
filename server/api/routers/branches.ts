import { z } from "zod";
import { branchChoiceSchema, startBranch } from "../../usecases/branches";
import { readBranch, readBranches, readBranchDefaults } from "../../usecases/pages/branches";
import { attemptProcedure, router } from "../trpc";

const place = z.object({ study: z.string(), attempt: z.uuid() });

/** Samples from a point of an attempt, by hand. */
export const branchesRouter = router({
  list: attemptProcedure
    .input(place)
    .query(({ ctx, input }) => readBranches(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  get: attemptProcedure
    .input(z.object({ branch: z.uuid() }))
    .query(({ ctx, input }) => readBranch(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  defaults: attemptProcedure.input(place).query(({ ctx, input }) => readBranchDefaults(ctx.deps, input)),
  start: attemptProcedure
    .input(place.extend({ choice: branchChoiceSchema }))
    .mutation(({ ctx, input }) =>
      startBranch(ctx.deps, { ...input, ...input.choice, purpose: "manual", personId: ctx.person?.id ?? null }),
    ),
});
