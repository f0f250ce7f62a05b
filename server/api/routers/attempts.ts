import { z } from "zod";
import { attemptQuerySchema } from "../../core/views/attempts";
import { readAttempt, readContinuation, readVerificationText } from "../../usecases/pages/attempt";
import { readAttemptCount, readAttempts, readNeighbours } from "../../usecases/pages/attempts";
import { attemptProcedure, procedure, router } from "../trpc";

const study = z.string();
const cursor = z.string().nullish();

export const attemptsRouter = router({
  list: procedure
    .input(z.object({ study, query: attemptQuerySchema, cursor }))
    .query(({ ctx, input }) => readAttempts(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  count: procedure
    .input(z.object({ study, query: attemptQuerySchema }))
    .query(({ ctx, input }) => readAttemptCount(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  neighbours: procedure
    .input(z.object({ study, query: attemptQuerySchema, attempt: z.uuid() }))
    .query(({ ctx, input }) => readNeighbours(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  get: attemptProcedure.input(z.object({ study, attempt: z.uuid() })).query(({ ctx, input }) => readAttempt(ctx.deps, input)),
  continuation: attemptProcedure
    .input(z.object({ study, continuation: z.uuid() }))
    .query(({ ctx, input }) => readContinuation(ctx.deps, input)),
  verificationText: attemptProcedure
    .input(z.object({ study, verification: z.uuid() }))
    .query(({ ctx, input }) => readVerificationText(ctx.deps, input)),
});
