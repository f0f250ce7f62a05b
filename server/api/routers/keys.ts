import { z } from "zod";
import { newKeySchema } from "../../core/programs/keys";
import { createKey, readKeys, revoke } from "../../usecases/programs/keys";
import { procedure, router } from "../trpc";

/** Keys of programs. Whoever sees the pages may make them: there are no passwords here (server/usecases/people.ts). */
export const keysRouter = router({
  list: procedure.query(({ ctx }) => readKeys(ctx.deps)),
  create: procedure
    .input(newKeySchema)
    .mutation(({ ctx, input }) => createKey(ctx.deps, { ...input, personId: ctx.person?.id ?? null })),
  revoke: procedure.input(z.object({ id: z.uuid() })).mutation(({ ctx, input }) => revoke(ctx.deps, input.id)),
});
