import { z } from "zod";
import { wantedScoreSchema } from "../../core/scoring/subjects";
import { readScore, readScores } from "../../usecases/pages/scores";
import { startScores } from "../../usecases/scores";
import { attemptProcedure, router } from "../trpc";

const place = z.object({ study: z.string(), attempt: z.uuid() });

/** Token by token: how likely texts are under the study's models. */
export const scoresRouter = router({
  list: attemptProcedure
    .input(place)
    .query(({ ctx, input }) => readScores(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  get: attemptProcedure
    .input(z.object({ score: z.uuid() }))
    .query(({ ctx, input }) => readScore(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  start: attemptProcedure
    .input(place.extend({ wanted: z.array(wantedScoreSchema).min(1).max(64), model: z.string().optional() }))
    .mutation(({ ctx, input }) => startScores(ctx.deps, input)),
});
