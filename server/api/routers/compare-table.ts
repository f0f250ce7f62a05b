import { z } from "zod";
import { MOST_COLUMNS } from "../../core/comparing/choice";
import { finalTable } from "../../usecases/comparing/final-table";
import { procedure, router } from "../trpc";

export const compareTableRouter = router({
  get: procedure
    .input(
      z.object({
        study: z.string(),
        columns: z.array(z.object({ set: z.string(), k: z.number().int().min(1).max(100_000) })).max(MOST_COLUMNS).optional(),
        baseline: z.string().optional(),
      }),
    )
    // From an address: what it names and is not there is passed over.
    .query(({ ctx, input: { study, columns, baseline } }) => finalTable(ctx.deps, { study, query: { columns, baseline }, lenient: true })),
});
