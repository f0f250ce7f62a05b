import { z } from "zod";
import { NLL_BINS } from "../../core/scoring/bins";
import { ROW_PARTS } from "../../core/scoring/row-parts";
import { STAGES_AFTER } from "../../core/views/comparing-sources";
import { readSourceCurves, readSourceRelation } from "../../usecases/comparing/source-outcomes";
import { readRowsBehind, readSources, scoreSources } from "../../usecases/comparing/sources";
import { procedure, router } from "../trpc";

const asked = z.object({ study: z.string(), base: z.string().optional() });
const outcome = asked.extend({
  set: z.string(),
  stage: z.enum(STAGES_AFTER),
  datasets: z.array(z.string()).max(50).optional(),
});

/** SFT sources side by side for one base model. */
export const compareSourcesRouter = router({
  page: procedure.input(asked).query(({ ctx, input }) => readSources(ctx.deps, input)),
  curves: procedure.input(outcome).query(({ ctx, input }) => readSourceCurves(ctx.deps, input)),
  relation: procedure
    .input(outcome.extend({ k: z.number().int().min(1).max(100_000), weights: z.enum(["token", "trace"]) }))
    .query(({ ctx, input }) => readSourceRelation(ctx.deps, input)),
  behind: procedure
    .input(
      asked.extend({
        dataset: z.string(),
        part: z.enum(ROW_PARTS),
        of: z.enum(["traces", "tokens"]),
        bin: z.number().int().min(0).max(NLL_BINS - 1),
      }),
    )
    .query(({ ctx, input }) => readRowsBehind(ctx.deps, input)),
  score: procedure
    .input(asked.extend({ datasets: z.array(z.string()).min(1).max(50), samples: z.number().int().min(1).max(100_000) }))
    .mutation(({ ctx, input }) => scoreSources(ctx.deps, input)),
});
