import { z } from "zod";
import { readValues } from "../../usecases/pages/values";
import { startValues, valueChoiceSchema } from "../../usecases/values";
import { attemptProcedure, router } from "../trpc";

const place = z.object({ study: z.string(), attempt: z.uuid() });

/** Step values of an attempt. */
export const valuesRouter = router({
  get: attemptProcedure.input(place).query(({ ctx, input }) => readValues(ctx.deps, input)),
  start: attemptProcedure
    .input(place.extend({ choice: valueChoiceSchema }))
    .mutation(({ ctx, input }) =>
      startValues(ctx.deps, { ...input, ...input.choice, personId: ctx.person?.id ?? null }),
    ),
});
